//! Scenes that chance alone plays too seldom.

use crate::bodies;
use crate::time::MINUTE;
use crate::violation::Checked;
use crate::world::World;
use server::store::GrantOf;
use sync_protocol::area::Area;
use sync_protocol::change::Tombstone;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;

/// Who plays, and where.
#[derive(Clone, Debug)]
struct Cast {
    /// Learns late that the child went.
    unaware: usize,
    /// Hands it over and back.
    mover: usize,
    home: Area,
    away: Area,
    child: RecordId,
    weighing: RecordId,
}

impl World {
    /// A child is handed over and comes back. A tablet that knows of neither writes meanwhile: its
    /// bodies are merged after the move, what else it did waits and is merged once the child is back.
    pub(crate) fn hand_over_and_back(&mut self) -> Checked {
        let Some(cast) = self.draw_cast()? else { return Ok(()) };
        self.hub.note("a child is handed over and comes back");
        self.hand_over_to(&cast, cast.away.clone())?;
        self.write_unaware(&cast);
        self.sync_cleanly(cast.unaware)?;
        self.hand_over_to(&cast, cast.home.clone())
    }

    fn hand_over_to(&mut self, cast: &Cast, village: Area) -> Checked {
        self.hub.time.pass(self.dice.between(1, 90) * MINUTE);
        let result = self.tablets[cast.mover].replica_mut().move_child(cast.child, village);
        self.saved(cast.mover, &format!("hands {} over", cast.child), result);
        self.sync_cleanly(cast.mover)
    }

    /// One of the things that a worker may do to a child that left.
    fn write_unaware(&mut self, cast: &Cast) {
        self.hub.time.pass(self.dice.between(1, 90) * MINUTE);
        let at = cast.unaware;
        let reason = Tombstone::WrongEntry;
        match self.dice.below(4) {
            0 => {
                let day = self.draw_day(at);
                let body = bodies::measurement(&mut self.dice, cast.child, &day);
                self.save(at, Kind::MEASUREMENT, None, None, body);
            }
            1 => {
                let replica = self.tablets[at].replica_mut();
                let result = replica.delete(Kind::MEASUREMENT, cast.weighing, reason);
                self.saved(at, &format!("deletes measurement {}", cast.weighing), result);
            }
            2 => {
                let result = self.tablets[at].replica_mut().delete(Kind::CHILD, cast.child, reason);
                self.saved(at, &format!("deletes child {}", cast.child), result);
            }
            _ => {
                let near = cast.home.clone();
                let result = self.tablets[at].replica_mut().move_child(cast.child, near);
                self.saved(at, &format!("hands {} over", cast.child), result);
            }
        }
    }

    /// Two tablets, one of which sees only the village where the child is born.
    fn draw_cast(&mut self) -> Checked<Option<Cast>> {
        let unaware = self.dice.below(self.tablets.len());
        let others: Vec<usize> = (0..self.tablets.len())
            .filter(|at| self.tablets[*at].worker != self.tablets[unaware].worker)
            .collect();
        let Some(mover) = self.dice.one_of(&others).copied() else { return Ok(None) };
        let owner = self.tablets[unaware].worker;
        let villages = self.hub.country.villages.clone();
        let strange: Vec<&Area> =
            villages.iter().filter(|village| !self.hub.grants.cover(owner, village)).collect();
        let Some(away) = self.dice.one_of(&strange).map(|village| (*village).clone()) else {
            return Ok(None);
        };
        let home = self.dice.one_of(&villages).filter(|home| **home != away).cloned();
        let Some(home) = home else { return Ok(None) };
        self.grant(owner, GrantOf::Area(home.clone()));
        for village in [&home, &away] {
            self.grant(self.tablets[mover].worker, GrantOf::Area(village.clone()));
        }
        let name = self.next_name();
        let body = bodies::child(&mut self.dice, &name);
        let Some(child) = self.save(mover, Kind::CHILD, None, Some(home.clone()), body) else {
            return Ok(None);
        };
        let body = bodies::measurement(&mut self.dice, child.id, "2026-11-20");
        let weighing = self.save(mover, Kind::MEASUREMENT, None, None, body);
        self.come_to_rest()?;
        Ok(weighing.map(|weighing| Cast {
            unaware,
            mover,
            home,
            away,
            child: child.id,
            weighing: weighing.id,
        }))
    }
}
