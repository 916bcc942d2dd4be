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
    use crate::tree::top;
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
