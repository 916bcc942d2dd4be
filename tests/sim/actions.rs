//! What happens in a history, one thing after the other, as the dice say.

use crate::crash::survive;
use crate::line::{Line, Manners};
use crate::tablet::Seen;
use crate::time::{DAY, HOUR, MINUTE, SECOND};
use crate::violation::{Checked, Guarantee, broken};
use crate::world::World;
use sync_replica::SyncError;

/// Things that happen in one history, at least and at most.
const STEPS: (i64, i64) = (60, 130);
/// More of them for each tablet above a small crew.
const STEPS_PER_TABLET: i64 = 6;
const CREW_MAX: i64 = 6;
/// How many days a history takes, about.
const DAYS: (i64, i64) = (30, 90);
/// One step in so many comes after days without work.
const NIGHT_EACH: i64 = 5;
/// A tablet at work dies so many times in a hundred.
const DEATHS: u64 = 5;

impl World {
    /// Plays the days of a history.
    pub(crate) fn live(&mut self) -> Checked {
        let crowd = i64::try_from(self.tablets.len()).unwrap_or(0);
        let steps =
            self.dice.between(STEPS.0, STEPS.1) + STEPS_PER_TABLET * (crowd - CREW_MAX).max(0);
        let night_ms = 2 * self.dice.between(DAYS.0, DAYS.1) * DAY / (steps / NIGHT_EACH);
        let backup_at = self.dice.between(0, steps - 1);
        for step in 0..steps {
            self.let_time_pass(night_ms);
            self.deliver_late()?;
            if step == backup_at {
                self.back_up();
            }
            self.act()?;
            self.hub.verdict()?;
        }
        self.finish_draining()
    }

    /// Mostly work goes on, and now and then there are days without any.
    fn let_time_pass(&mut self, night_ms: i64) {
        let ms = match self.dice.weighed(&[50, 25, 5, 20]) {
            0 => self.dice.between(SECOND, 3 * MINUTE),
            1 => self.dice.between(3 * MINUTE, HOUR),
            2 => self.dice.between(HOUR, 9 * HOUR),
            _ => self.dice.between(HOUR, night_ms),
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

    /// One thing happens, and the tablet that it happens to may die of it.
    fn act(&mut self) -> Checked {
        let tablet = self.dice.below(self.tablets.len());
        if self.dice.percent(DEATHS) {
            let steps = u32::try_from(self.dice.between(0, 12)).unwrap_or(0);
            self.tablets[tablet].machine.die_after(steps);
        }
        let written = self.tablets[tablet].written();
        let acted = survive(|| self.act_on(tablet));
        self.tablets[tablet].machine.live_on();
        match acted {
            Some(checked) => checked,
            None => self.bury(tablet, written),
        }
    }

    fn bury(&mut self, at: usize, written: u64) -> Checked {
        self.hub.note(format!("{} dies", self.tablets[at].name));
        self.hub.diary.tally.crashes += 1;
        self.restart_tablet(at);
        self.hub.verdict()?;
        if !self.tablets[at].replica().identity().unwrap().is_enrolled() {
            // It had erased itself when it died.
            return self.wiped(at, written);
        }
        self.tablets[at].check_display(Seen::OnlyTheEnd)
    }

    fn act_on(&mut self, tablet: usize) -> Checked {
        match self.dice.weighed(&[480, 340, 30, 40, 20, 60, 20, 10, 8, 8]) {
            0 => self.work(tablet),
            1 => self.connect(tablet)?,
            2 => self.move_clock(tablet),
            3 => self.restart_tablet(tablet),
            4 => self.restart_server(),
            5 => self.administer(),
            6 => self.newer_app(tablet),
            7 => self.move_server_clock(),
            8 => self.reinstall(tablet),
            _ => self.drain(tablet),
        }
        Ok(())
    }

    /// A tablet meets a network of some kind.
    fn connect(&mut self, tablet: usize) -> Checked {
        let trouble = [0, 15, 40, 80][self.dice.weighed(&[40, 30, 20, 10])];
        let page = self.dice.percent(35).then(|| self.draw_page());
        let calls = self.dice.percent(20).then(|| self.draw_page());
        let manners = Manners { trouble, page, calls, deadly: true };
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
        let written = tablet.written();
        let mut line = Line::of(&mut self.hub, manners);
        let result = tablet.replica_mut().sync(&mut line, &mut |_| ());
        if result.as_ref().is_ok_and(|report| report.wiped) {
            return self.wiped(at, written);
        }
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
            let has_said_that_it_ends = self.hub.book.ended.contains(&self.tablets[at].device);
            if has_said_that_it_ends && matches!(error, SyncError::Unauthorised { revoked: true }) {
                // It died before it erased itself; its next whole sync does that.
                return Ok(());
            }
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
