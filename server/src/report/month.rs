//! One child in one month: the measurements that count.

use crate::store::{MonthRow, Z};
use child_growth::{GainStatus, RedLine};

/// Of each kind of measure the latest row of the month that has it.
#[derive(Clone, Copy, Debug, Default)]
pub struct ChildMonth {
    pub(super) weight: Option<MonthRow>,
    pub(super) height: Option<MonthRow>,
    pub(super) both: Option<MonthRow>,
    pub(super) head: Option<MonthRow>,
    pub(super) arm: Option<MonthRow>,
}

impl ChildMonth {
    /// Takes the next row of the month, by day.
    pub(super) fn take(&mut self, row: MonthRow) {
        let places = [
            (row.weighed, &mut self.weight),
            (row.has_height, &mut self.height),
            (row.weighed && row.has_height, &mut self.both),
            (row.has_head, &mut self.head),
            (row.has_arm, &mut self.arm),
        ];
        for (has, place) in places {
            if has {
                *place = Some(row);
            }
        }
    }

    /// The letter of the weighing that counts.
    pub(super) fn gain(&self) -> Option<GainStatus> {
        self.weight.and_then(|row| row.gain)
    }

    /// Where the weighing that counts lies against the red line. None without a BB/U, and when it
    /// is flagged.
    pub(super) fn is_below(&self, red_line: RedLine) -> Option<bool> {
        let row = self.weight?;
        match row.zwei {
            // Below -3 SD, and so below every line.
            None if row.oedema => Some(true),
            None | Some(Z { flagged: true, .. }) => None,
            Some(Z { hundredths, .. }) => Some(hundredths < red_line.z().get()),
        }
    }
}
