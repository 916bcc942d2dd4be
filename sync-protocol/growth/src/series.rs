//! Putting the rows of one child in order: by day, the later entry of a day replacing the earlier.

use crate::calendar::CalendarMonth;
use crate::date::Date;
use crate::error::InputError;

/// Refuses rows before the birth, orders the rest, and keeps the last row of each day.
pub(crate) fn by_day<T: Copy>(
    birth: Date,
    rows: impl Iterator<Item = (Date, T)>,
) -> Result<Vec<(Date, T)>, InputError> {
    let mut kept: Vec<(Date, T)> = Vec::with_capacity(rows.size_hint().0);
    for row in rows {
        if row.0 < birth {
            return Err(InputError::BeforeBirth);
        }
        // A child's rows are few and mostly come in order: each has its place found at the end.
        let place = place_of(&kept, row.0, |(date, _)| *date);
        match kept.get_mut(..place).and_then(<[_]>::last_mut) {
            Some(before) if before.0 == row.0 => *before = row,
            _ => kept.insert(place, row),
        }
    }
    Ok(kept)
}

/// Keeps the latest row of each calendar month of rows in order.
pub(crate) fn by_month<T: Copy>(rows: Vec<(Date, T)>) -> Vec<(Date, T)> {
    let mut kept: Vec<(Date, T)> = Vec::with_capacity(rows.len());
    for row in rows {
        match kept.last_mut() {
            Some(last) if CalendarMonth::of(last.0) == CalendarMonth::of(row.0) => *last = row,
            _ => kept.push(row),
        }
    }
    kept
}

/// Where a row of this day goes among rows in order: behind those of its day.
pub(crate) fn place_of<T>(rows: &[T], day: Date, day_of: impl Fn(&T) -> Date) -> usize {
    rows.partition_point(|row| day_of(row) <= day)
}
