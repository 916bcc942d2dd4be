//! What the office reads: live records by page and by walk, from the typed columns.
//!
//! A tombstone has no typed row, so neither it nor what belongs to a tombstoned child is here.

mod completeness;
mod history;
mod row;

pub use history::VersionHead;
pub use row::{LiveChild, LiveRow, day_field};

use super::selection::Selection;
use super::{ReadTx, StoreError, Stored};
use row::{child_alias, live_sql, narrowing, read_live};
use rusqlite::types::Value as SqlValue;
use rusqlite::{Statement, params_from_iter};
use sync_protocol::area::Area;
use sync_protocol::record::Kind;

/// Up to so many live records, in feed order.
#[derive(Clone, Debug)]
pub struct LivePage {
    pub rows: Vec<LiveRow>,
    /// The last row's place in the feed, when there is more after it.
    pub next: Option<i64>,
}

/// How long a page may be. At least one row fits.
#[derive(Clone, Copy, Debug)]
pub struct PageBounds {
    pub rows: usize,
    /// Of the rows' texts, roughly.
    pub bytes: usize,
}

impl ReadTx<'_> {
    /// Live records of a kind after a place in the feed.
    pub fn live_page(
        &self,
        kind: Kind,
        selection: &Selection,
        after: i64,
        bounds: PageBounds,
    ) -> Stored<LivePage> {
        let villages = self.villages_with_rows(&selection.scope)?;
        if villages.len() <= self.few.villages {
            self.live_page_by_village(kind, &villages, selection, after, bounds)
        } else {
            self.live_page_in_feed_order(kind, selection, after, bounds)
        }
    }

    /// The first places of each desa from its own index range, then the rows at the first of them.
    fn live_page_by_village(
        &self,
        kind: Kind,
        villages: &[Area],
        selection: &Selection,
        after: i64,
        bounds: PageBounds,
    ) -> Stored<LivePage> {
        let wanted = bounds.rows.saturating_add(1);
        let most = i64::try_from(wanted).unwrap_or(i64::MAX);
        let (name, child) = (kind.name(), child_alias(kind));
        let parent = if child == "c" { "CROSS JOIN child c ON c.rid = r.child" } else { "" };
        let sql = format!(
            "SELECT r.feed FROM record r CROSS JOIN {name} t ON t.rid = r.rid {parent}
             WHERE r.area = ?4 AND r.feed > ?5 AND {} ORDER BY r.feed LIMIT ?6",
            narrowing(kind)
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut places: Vec<i64> = Vec::new();
        for village in villages {
            let more = [text(village.as_str()), SqlValue::Integer(after), SqlValue::Integer(most)];
            let mut rows = statement.query(parameters(selection, more))?;
            while let Some(row) = rows.next()? {
                places.push(row.get(0)?);
            }
        }
        places.sort_unstable();
        places.truncate(wanted);
        let sql = format!("{} WHERE r.feed = ?1", live_sql(kind));
        let mut statement = self.connection.prepare_cached(&sql)?;
        let mut page = Filling::new(bounds);
        for place in places {
            let mut rows = statement.query([place])?;
            if let Some(row) = rows.next()?
                && !page.take(|| read_live(kind, row))?
            {
                break;
            }
        }
        Ok(page.finish())
    }

    fn live_page_in_feed_order(
        &self,
        kind: Kind,
        selection: &Selection,
        after: i64,
        bounds: PageBounds,
    ) -> Stored<LivePage> {
        let sql = format!(
            "{} WHERE r.feed > ?4 AND r.kind = ?5 AND {} ORDER BY r.feed",
            live_sql(kind),
            narrowing(kind)
        );
        let mut statement = self.connection.prepare_cached(&sql)?;
        let more = [SqlValue::Integer(after), text(kind.name())];
        let mut rows = statement.query(parameters(selection, more))?;
        let mut page = Filling::new(bounds);
        while let Some(row) = rows.next()? {
            if selection.scope.contains(&row::read_area(row)?)
                && !page.take(|| read_live(kind, row))?
            {
                break;
            }
        }
        Ok(page.finish())
    }

    /// Shows every live record of a kind, desa by desa, children by posyandu and name, and what
    /// belongs to a child by its day. One record is in memory at a time.
    pub fn for_each_live<E: From<StoreError>>(
        &self,
        kind: Kind,
        selection: &Selection,
        mut show: impl FnMut(LiveRow) -> Result<(), E>,
    ) -> Result<(), E> {
        let child = child_alias(kind);
        let order = match day_field(kind) {
            Some(day) => format!("{child}.posyandu, {child}.name, r.child, t.{day}, r.rid"),
            None => format!("{child}.posyandu, {child}.name, r.rid"),
        };
        let sql = format!(
            "{} WHERE r.area = ?4 AND r.kind = ?5 AND {} ORDER BY {order}",
            live_sql(kind),
            narrowing(kind)
        );
        let mut statement = self.connection.prepare_cached(&sql).map_err(StoreError::from)?;
        let mut villages = self.villages_with_rows(&selection.scope)?;
        villages.sort();
        for village in &villages {
            show_village(&mut statement, kind, selection, village, &mut show)?;
        }
        Ok(())
    }
}

fn show_village<E: From<StoreError>>(
    statement: &mut Statement<'_>,
    kind: Kind,
    selection: &Selection,
    village: &Area,
    show: &mut impl FnMut(LiveRow) -> Result<(), E>,
) -> Result<(), E> {
    let more = [text(village.as_str()), text(kind.name())];
    let mut rows = statement.query(parameters(selection, more)).map_err(StoreError::from)?;
    while let Some(row) = rows.next().map_err(StoreError::from)? {
        show(read_live(kind, row)?)?;
    }
    Ok(())
}

/// A page that is being filled.
struct Filling {
    rows: Vec<LiveRow>,
    bounds: PageBounds,
    bytes: usize,
    is_full: bool,
}

impl Filling {
    fn new(bounds: PageBounds) -> Self {
        Filling { rows: Vec::new(), bounds, bytes: 0, is_full: false }
    }

    /// Takes one more row; false when there is no room for it.
    fn take(&mut self, read: impl FnOnce() -> Stored<LiveRow>) -> Stored<bool> {
        if self.rows.len() >= self.bounds.rows {
            self.is_full = true;
            return Ok(false);
        }
        let row = read()?;
        self.bytes += row.weight();
        if !self.rows.is_empty() && self.bytes > self.bounds.bytes {
            self.is_full = true;
            return Ok(false);
        }
        self.rows.push(row);
        Ok(true)
    }

    fn finish(self) -> LivePage {
        let last = self.rows.last().map(|row| row.feed);
        LivePage { next: last.filter(|_| self.is_full), rows: self.rows }
    }
}

fn text(text: &str) -> SqlValue {
    SqlValue::Text(text.to_owned())
}

/// The parameters of [`narrowing`], ?1 to ?3, and those of the statement itself behind them.
fn parameters<const N: usize>(selection: &Selection, more: [SqlValue; N]) -> impl rusqlite::Params {
    let optional = |text: Option<String>| text.map_or(SqlValue::Null, SqlValue::Text);
    let narrow = [
        optional(selection.posyandu.clone()),
        optional(selection.month.map(|month| month.first().to_string())),
        optional(selection.month.map(|month| month.next().to_string())),
    ];
    params_from_iter(narrow.into_iter().chain(more))
}
