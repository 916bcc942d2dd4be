//! What happens in a history, one thing after the other, as the dice say.

use crate::line::{Line, Manners};
use crate::tablet::Seen;
use crate::time::{HOUR, MINUTE, SECOND};
use crate::violation::{Checked, Guarantee, broken};
use crate::world::World;
use sync_replica::SyncError;

/// Things that happen in one history, at least and at most.
const STEPS: (i64, i64) = (60, 130);

impl World {
    /// Plays the days of a history.
    pub(crate) fn live(&mut self) -> Checked {
        for _ in 0..self.dice.between(STEPS.0, STEPS.1) {
            self.let_time_pass();
            self.deliver_late()?;
            self.act()?;
            self.hub.verdict()?;
        }
        Ok(())
    }

    fn let_time_pass(&mut self) {
        let ms = match self.dice.weighed(&[60, 30, 10]) {
            0 => self.dice.between(SECOND, 3 * MINUTE),
            1 => self.dice.between(3 * MINUTE, HOUR),
            _ => self.dice.between(HOUR, 9 * HOUR),
        };
        self.hub.time.pass(ms);
    }

    fn deliver_late(&mut self) -> Checked {
        let now_ms = self.hub.time.ms();
        while let Some(letter) = self.hub.late.due(now_ms) {
            self.hub.note("a letter arrives late");
            self.hub.deliver(&letter);
        }
        self.hub.verdict()
    }

    fn act(&mut self) -> Checked {
        let tablet = self.dice.below(self.tablets.len());
        match self.dice.weighed(&[480, 340, 30, 40, 20, 60, 20, 10]) {
            0 => self.work(tablet),
            1 => self.connect(tablet)?,
            2 => self.move_clock(tablet),
            3 => self.restart_tablet(tablet),
            4 => self.restart_server(),
            5 => self.administer(),
            6 => self.newer_app(tablet),
            _ => self.move_server_clock(),
        }
        Ok(())
    }

    /// A tablet meets a network of some kind.
    fn connect(&mut self, tablet: usize) -> Checked {
        let trouble = [0, 15, 40, 80][self.dice.weighed(&[40, 30, 20, 10])];
        let page = self.dice.percent(35).then(|| self.draw_page());
        let calls = self.dice.percent(20).then(|| self.draw_page());
        let manners = Manners { trouble, page, calls };
        if self.dice.percent(60) {
            self.sync(tablet, manners)
        } else {
            self.exchange(tablet, manners)
        }
    }

    fn draw_page(&mut self) -> u32 {
        u32::try_from(self.dice.between(1, 7)).unwrap_or(1)
    }

    /// Exchanges until nothing is left to do, or until the line fails.
    fn sync(&mut self, at: usize, manners: Manners) -> Checked {
        let tablet = &mut self.tablets[at];
        self.hub.note(format!("{} syncs, {manners:?}", tablet.name));
        let mut line = Line::of(&mut self.hub, manners);
        let result = tablet.replica_mut().sync(&mut line, &mut |_| ());
        self.judge(at, manners, Seen::OnlyTheEnd, result.map(|_| ()))
    }

    /// One exchange: what comes next, other tablets may come between.
    fn exchange(&mut self, at: usize, manners: Manners) -> Checked {
        let tablet = &mut self.tablets[at];
        self.hub.note(format!("{} exchanges once, {manners:?}", tablet.name));
        let mut line = Line::of(&mut self.hub, manners);
        let result = tablet.replica_mut().exchange(&mut line);
        self.judge(at, manners, Seen::EachExchange, result.map(|_| ()))
    }

    /// A bad line excuses what a bad line does, and nothing else.
    pub(crate) fn judge(
        &mut self,
        at: usize,
        manners: Manners,
        seen: Seen,
        result: Result<(), SyncError>,
    ) -> Checked {
        self.hub.verdict()?;
        if let Err(error) = result {
            let excused = matches!(
                error,
                SyncError::Offline(_)
                    | SyncError::Timeout
                    | SyncError::BadReply(_)
                    | SyncError::ServerFault { status: 502 }
            );
            if !excused || (manners.trouble == 0 && manners.calls.is_none()) {
                let name = &self.tablets[at].name;
                return broken(
                    Guarantee::NoBlock,
                    format!("{name} could not sync: {error} ({error:?})"),
                );
            }
        }
        self.tablets[at].check_display(seen)
    }

    fn move_clock(&mut self, at: usize) {
        let wrong_ms = self.draw_wrongness();
        self.tablets[at].machine.set_wrong_by(wrong_ms);
        let event = format!(
            "{}: its clock is now {}",
            self.tablets[at].name,
            self.tablets[at].clock_text()
        );
        self.hub.note(event);
    }

    fn restart_tablet(&mut self, at: usize) {
        // A dead battery forgets the time, too.
        if self.dice.percent(20) {
            let wrong_ms = self.draw_wrongness();
            self.tablets[at].machine.set_wrong_by(wrong_ms);
        }
        self.tablets[at].restart();
        let event = format!(
            "{} restarts, its clock is {}",
            self.tablets[at].name,
            self.tablets[at].clock_text()
        );
        self.hub.note(event);
    }

    fn restart_server(&mut self) {
        self.hub.host.restart();
        self.hub.note("the server restarts");
    }

    fn move_server_clock(&mut self) {
        let wrong_ms =
            if self.dice.percent(40) { 0 } else { self.dice.between(-3 * HOUR, 3 * HOUR) };
        self.hub.host.clock.set_wrong_by(wrong_ms);
        self.hub.note(format!("the server's clock is set wrong by {} s", wrong_ms / SECOND));
    }
}
