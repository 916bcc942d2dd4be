//! A month, child by child: the measurements that count.

use crate::store::{MonthRow, ReadTx, RecordNo, Sasaran, Stored};
use child_growth::{GainStatus, Index};
use std::collections::HashMap;
use sync_protocol::counted::{Counted, Figure, Need};
use sync_protocol::month::Month;

/// What was measured in a month: every measurement once, and which of a child's count.
#[derive(Debug, Default)]
pub(super) struct Months {
    rows: Vec<MonthRow>,
    counted: HashMap<RecordNo, Counted<usize>>,
}

/// What counts of one child in the month.
#[derive(Clone, Copy, Debug)]
pub struct ChildMonth<'m> {
    rows: &'m [MonthRow],
    counted: Option<&'m Counted<usize>>,
}

impl Months {
    pub(super) fn read(tx: &ReadTx<'_>, sasaran: &[Sasaran], month: Month) -> Stored<Self> {
        let children: Vec<_> = sasaran.iter().map(|child| child.no).collect();
        let mut months = Months::default();
        tx.for_each_of_month(&children, month, |child, rank, row| {
            let counted = months.counted.entry(child).or_default();
            counted.take(rank, row.measures, &months.rows.len());
            months.rows.push(row);
        })?;
        Ok(months)
    }

    pub(super) fn of(&self, child: RecordNo) -> ChildMonth<'_> {
        ChildMonth { rows: &self.rows, counted: self.counted.get(&child) }
    }
}

impl ChildMonth<'_> {
    fn get(&self, need: Need) -> Option<&MonthRow> {
        self.rows.get(*self.counted?.get(need)?)
    }

    /// What the child is in the figure of an index; none when the month has not what it needs.
    pub(super) fn figure(&self, index: Index) -> Option<Figure> {
        let row = self.get(Need::of(index))?;
        Some(Figure::of(index, row.z(index), row.has_oedema))
    }

    /// The weighing that counts.
    pub(super) fn weighing(&self) -> Option<&MonthRow> {
        self.get(Need::Weight)
    }

    /// The measurement of LiLA that counts.
    pub(super) fn arm(&self) -> Option<&MonthRow> {
        self.get(Need::Arm)
    }

    /// The letter of the weighing that counts.
    pub(super) fn gain(&self) -> Option<GainStatus> {
        self.weighing().and_then(|row| row.gain)
    }
}
