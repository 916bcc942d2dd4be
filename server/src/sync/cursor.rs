//! Cursors: epoch, scope and ONE feed position. Opaque to the tablet.

use sync_protocol::area::Scope;
use sync_protocol::ids::Epoch;
use sync_protocol::wire::Cursor;

/// A place in the feed that a reader of this scope has received everything up to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Position {
    pub feed: i64,
}

impl Position {
    pub(super) fn write(self, epoch: Epoch, scope: &Scope) -> Cursor {
        Cursor(format!("{epoch}.{}.{}", scope.fingerprint(), self.feed))
    }

    /// `None` for another epoch, another scope, a position beyond the feed or anything else.
    pub(super) fn read(
        cursor: &Cursor,
        epoch: Epoch,
        scope: &Scope,
        feed_end: i64,
    ) -> Option<Self> {
        let mut parts = cursor.0.split('.');
        let same_epoch = parts.next()?.parse() == Ok(epoch);
        let same_scope = parts.next()? == scope.fingerprint();
        let feed: i64 = parts.next()?.parse().ok()?;
        let valid =
            same_epoch && same_scope && parts.next().is_none() && (0..=feed_end).contains(&feed);
        valid.then_some(Position { feed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn a_cursor_holds_in_its_own_epoch_and_scope_up_to_the_end_of_the_feed() {
        let (epoch, other) = (Epoch(Uuid::from_u128(1)), Epoch(Uuid::from_u128(2)));
        let scope = Scope::of(["16.04.06".parse().unwrap()]);
        let position = Position { feed: 7 };
        let cursor = position.write(epoch, &scope);
        assert_eq!(Position::read(&cursor, epoch, &scope, 7), Some(position));
        assert_eq!(Position::read(&cursor, other, &scope, 7), None);
        assert_eq!(Position::read(&cursor, epoch, &Scope::default(), 7), None);
        assert_eq!(Position::read(&cursor, epoch, &scope, 6), None);
        for bad in ["", "x", "..", "1.2.3"] {
            assert_eq!(Position::read(&Cursor(bad.to_owned()), epoch, &scope, 7), None);
        }
        assert_eq!(Position::read(&Cursor(format!("{}.1", cursor.0)), epoch, &scope, 7), None);
    }
}
