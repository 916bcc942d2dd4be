//! The children of this tablet in memory, so that a key stroke of the search touches no database.

use super::{App, Stumble};
use std::collections::{BTreeMap, BTreeSet};
use sync_protocol::area::Area;
use sync_protocol::ids::RecordId;
use sync_protocol::time::CivilDate;
use sync_replica::{Care, ChildRow, Replica, StorageError};

/// With more changed children than these, the list is read anew.
const FEW: usize = 100;

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
    /// By name, as the replica lists them.
    children: Vec<Listed>,
    /// The day that it is of.
    today: Option<CivilDate>,
    pub(super) area_names: BTreeMap<Area, String>,
}

impl App {
    /// The list as it is now: of what a save or a sync changed, only that is read again.
    pub(super) fn list(&mut self) -> Result<&ChildList, Stumble> {
        let today = self.replica.today()?;
        let changed = self.replica.take_changed();
        let is_kept = |list: &ChildList| list.today == today && changed.len() <= FEW;
        let list = match self.list.take().filter(is_kept) {
            Some(mut list) => {
                for child in changed {
                    list.renew(&self.replica, child)?;
                }
                list.forget_empty_areas();
                list
            }
            None => ChildList::read(&self.replica, today)?,
        };
        Ok(self.list.insert(list))
    }

    /// The list is read anew when it is looked at next.
    pub(super) fn forget_list(&mut self) {
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
    fn read(replica: &Replica, today: Option<CivilDate>) -> Result<Self, StorageError> {
        let care = replica.care()?;
        let measured = match today {
            Some(today) => replica.measured_in_month(today)?,
            None => BTreeSet::new(),
        };
        let mut list = ChildList { children: Vec::new(), today, area_names: BTreeMap::new() };
        for row in replica.children(None)? {
            list.learn_area(replica, &row)?;
            let care = care.of(&row.id);
            let is_measured = measured.contains(&row.id);
            list.children.push(Listed::new(row, care, is_measured, today));
        }
        Ok(list)
    }

    /// Puts one child where it belongs now, or takes it out.
    fn renew(&mut self, replica: &Replica, id: RecordId) -> Result<(), StorageError> {
        self.children.retain(|child| child.row.id != id);
        let Some(row) = replica.child(id)? else { return Ok(()) };
        self.learn_area(replica, &row)?;
        let is_measured = match self.today {
            Some(today) => replica.is_measured_in_month(id, today)?,
            None => false,
        };
        let place = self.children.partition_point(|before| before.row.is_listed_before(&row));
        let care = replica.care_of(id)?;
        self.children.insert(place, Listed::new(row, care, is_measured, self.today));
        Ok(())
    }

    fn learn_area(&mut self, replica: &Replica, row: &ChildRow) -> Result<(), StorageError> {
        if let Some(area) = row.area.as_ref().filter(|area| !self.area_names.contains_key(*area)) {
            let name = replica.area_name(area)?.name.unwrap_or_else(|| area.to_string());
            self.area_names.insert(area.clone(), name);
        }
        Ok(())
    }

    /// A desa without children is none to look into.
    fn forget_empty_areas(&mut self) {
        let lives_in =
            |area: &Area| self.children.iter().any(|child| child.row.area.as_ref() == Some(area));
        self.area_names.retain(|area, _| lives_in(area));
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

impl Listed {
    fn new(row: ChildRow, care: Care, is_measured: bool, today: Option<CivilDate>) -> Self {
        let mother = row.mother_name.as_deref().unwrap_or_default();
        let is_monthly = today.is_some_and(|today| row.is_on_list(today));
        Listed {
            words: format!("{} {mother}", row.name).to_lowercase(),
            care,
            is_due: is_monthly && !is_measured,
            is_monthly,
            row,
        }
    }
}
