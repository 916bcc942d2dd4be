//! The children of this tablet in memory, so that a key stroke of the search touches no database.

use super::{App, Stumble};
use std::collections::{BTreeMap, BTreeSet};
use sync_protocol::area::Area;
use sync_protocol::ids::RecordId;
use sync_replica::{Care, ChildRow, Replica, StorageError};

/// A child with what asks for attention.
#[derive(Debug)]
pub(super) struct Listed {
    pub(super) row: ChildRow,
    pub(super) care: Care,
    /// To be measured in this month, and not measured yet.
    pub(super) is_due: bool,
    /// To be measured in this month.
    pub(super) is_monthly: bool,
    /// What the search looks into.
    words: String,
}

#[derive(Debug)]
pub(super) struct ChildList {
    /// By name.
    children: Vec<Listed>,
    care: BTreeMap<RecordId, Care>,
    pub(super) area_names: BTreeMap<Area, String>,
}

impl App {
    /// The list, read again where something changed.
    pub(super) fn list(&mut self) -> Result<&ChildList, Stumble> {
        let list = match self.list.take() {
            Some(list) => list,
            None => ChildList::read(&self.replica, self.replica.care()?)?,
        };
        Ok(self.list.insert(list))
    }

    /// What is known of a child is not so any more.
    pub(super) fn forget(&mut self, child: RecordId) {
        self.list = self.list.take().and_then(|old| {
            let mut care = old.care;
            care.insert(child, self.replica.care_of(child).ok()?);
            ChildList::read(&self.replica, care).ok()
        });
    }

    /// Nothing of the list is known to be so any more.
    pub(super) fn forget_all(&mut self) {
        self.list = None;
        self.is_changed = true;
    }

    pub(super) fn area_text(&mut self, area: Option<&Area>) -> Result<String, Stumble> {
        let Some(area) = area else { return Ok("-".to_owned()) };
        let name = self.list()?.area_names.get(area).cloned();
        Ok(name.unwrap_or_else(|| area.to_string()))
    }
}

impl ChildList {
    fn read(replica: &Replica, care: BTreeMap<RecordId, Care>) -> Result<Self, StorageError> {
        let today = replica.today()?;
        let mut due = BTreeSet::new();
        if let Some(today) = today {
            due.extend(replica.due(today)?.into_iter().map(|child| child.id));
        }
        let mut area_names = BTreeMap::new();
        let mut children = Vec::new();
        for row in replica.children(None)? {
            if let Some(area) = row.area.as_ref().filter(|area| !area_names.contains_key(*area)) {
                let name = replica.area_name(area)?.name.unwrap_or_else(|| area.to_string());
                area_names.insert(area.clone(), name);
            }
            let mother = row.mother_name.as_deref().unwrap_or_default();
            children.push(Listed {
                words: format!("{} {mother}", row.name).to_lowercase(),
                care: care.get(&row.id).copied().unwrap_or_default(),
                is_due: due.contains(&row.id),
                is_monthly: today.is_some_and(|today| row.is_on_list(today)),
                row,
            });
        }
        Ok(ChildList { children, care, area_names })
    }

    pub(super) fn find(&self, id: &RecordId) -> Option<&Listed> {
        self.children.iter().find(|child| child.row.id == *id)
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &Listed> {
        self.children.iter()
    }

    /// Those whose name or mother's name has every word of the text.
    pub(super) fn search(&self, text: &str) -> impl Iterator<Item = &Listed> {
        let wanted: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
        self.children
            .iter()
            .filter(move |child| wanted.iter().all(|word| child.words.contains(word)))
    }
}
