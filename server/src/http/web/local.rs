//! What is read of the place where people look: its time, and the names of its areas.

use super::places::Places;
use crate::store::{ReadTx, Stored};
use crate::sync::server_time;
use sync_protocol::area::Area;
use views::words;

pub(super) struct Local<'a> {
    tx: &'a ReadTx<'a>,
    pub(super) places: Places,
}

impl<'a> Local<'a> {
    pub(super) fn read(tx: &'a ReadTx<'a>) -> Stored<Self> {
        Ok(Local { tx, places: Places::read(tx)? })
    }

    /// A moment by the clock on the wall.
    pub(super) fn moment(&self, unix_ms: i64) -> Stored<String> {
        Ok(words::moment(unix_ms, server_time::offset_minutes(self.tx, unix_ms)?))
    }

    pub(super) fn area(&self, area: &Area) -> String {
        self.places.name(area)
    }
}
