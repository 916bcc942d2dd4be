//! Putting the rows of one child in order: by day, the later entry of a day replacing the earlier.

use crate::calendar::CalendarMonth;
use crate::date::Date;
use crate::error::InputError;

/// Refuses rows before the birth, sorts the rest, and keeps the last row of each day. Rows of one
/// day keep the order they came in.
pub(crate) fn by_day<T: Copy>(
    birth: Date,
    rows: impl Iterator<Item = (Date, T)>,
) -> Result<Vec<(Date, T)>, InputError> {
    let mut sorted: Vec<_> = rows.collect();
    if sorted.iter().any(|(date, _)| *date < birth) {
        return Err(InputError::BeforeBirth);
    }
    sorted.sort_by_key(|(date, _)| *date);
    Ok(last_of_each(sorted, |date| date))
}

/// Keeps the latest row of each calendar month of rows in order.
pub(crate) fn by_month<T: Copy>(rows: Vec<(Date, T)>) -> Vec<(Date, T)> {
    last_of_each(rows, CalendarMonth::of)
}

fn last_of_each<T: Copy, K: PartialEq>(
    rows: Vec<(Date, T)>,
    key: impl Fn(Date) -> K,
) -> Vec<(Date, T)> {
    let mut kept: Vec<(Date, T)> = Vec::with_capacity(rows.len());
    for row in rows {
        match kept.last_mut() {
            Some(last) if key(last.0) == key(row.0) => *last = row,
            _ => kept.push(row),
        }
    }
    kept
}
