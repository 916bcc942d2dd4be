//! Every sabotage, room by room.

mod audit;
mod check;
mod core;
mod entry;
mod figures;
mod files;
mod past;
mod rules;
mod scope;
mod sync;
mod web;

use crate::sabotage::Sabotage;

/// The rooms of the house and what is broken in each.
pub(crate) const ROOMS: &[(&str, &[Sabotage])] = &[
    ("audit", audit::AUDIT),
    ("check", check::CHECK),
    ("core", core::CORE),
    ("entry", entry::ENTRY),
    ("figures", figures::FIGURES),
    ("files", files::FILES),
    ("past", past::PAST),
    ("rules", rules::RULES),
    ("scope", scope::SCOPE),
    ("sync", sync::SYNC),
    ("web", web::WEB),
];

#[cfg(test)]
mod tests {
    use super::ROOMS;
    use crate::sabotage::{Sabotage, sabotaged};
    use crate::tree::{self, top};
    use std::collections::{BTreeMap, BTreeSet};

    #[test]
    fn every_sabotage_breaks_something_that_stands_where_it_says() {
        let mut files: BTreeMap<&str, Vec<&Sabotage>> = BTreeMap::new();
        for sabotage in ROOMS.iter().flat_map(|(_, sabotages)| *sabotages) {
            files.entry(sabotage.file).or_default().push(sabotage);
        }
        let faults = files.into_iter().filter_map(|(file, sabotages)| {
            let source = std::fs::read_to_string(top().join(file)).unwrap();
            sabotaged(&source, &sabotages).err()
        });
        assert_eq!(faults.collect::<Vec<_>>(), Vec::<String>::new());
    }

    /// A filter is `theme::claim`, both as far as they need be told; the arguments of the simulator
    /// are none.
    #[test]
    fn every_test_that_should_tell_is_there() {
        let mut names = BTreeSet::new();
        for file in tree::sources() {
            for line in std::fs::read_to_string(top().join(file)).unwrap().lines() {
                let name = line.split_once("fn ").or_else(|| line.split_once("mod "));
                let name = name.and_then(|(_, name)| name.split(['(', '<', ';', ' ']).next());
                names.extend(name.map(str::to_owned));
            }
        }
        let is_there = |segment: &str| names.iter().any(|name| name.starts_with(segment));
        let all = ROOMS.iter().flat_map(|(_, sabotages)| *sabotages);
        let missing: Vec<&str> = all
            .flat_map(|sabotage| sabotage.told_by)
            .filter(|spec| {
                let filter = spec.split_whitespace().nth(1).unwrap_or_default();
                !filter.starts_with('-') && !filter.split("::").all(is_there)
            })
            .copied()
            .collect();
        assert_eq!(missing, Vec::<&str>::new());
    }

    #[test]
    fn every_sabotage_has_a_name_of_its_own_and_somebody_who_should_tell() {
        let mut names = BTreeSet::new();
        for sabotage in ROOMS.iter().flat_map(|(_, sabotages)| *sabotages) {
            assert!(names.insert(sabotage.name), "{} stands twice", sabotage.name);
            assert!(!sabotage.told_by.is_empty(), "{}: who tells?", sabotage.name);
            assert_ne!(sabotage.right, sabotage.wrong, "{}", sabotage.name);
        }
    }
}
