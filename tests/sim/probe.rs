//! A wrong clock against an honest one, on purpose: who edits later wins, whichever syncs first.

use crate::line::{Line, Manners};
use crate::tablet::{Seen, body_of};
use crate::time::{MINUTE, YEAR};
use crate::violation::{Checked, Guarantee, broken};
use crate::world::World;
use server::store::GrantOf;
use sync_protocol::ids::RecordId;
use sync_protocol::record::Kind;

/// Both tablets, and the child that both hold.
#[derive(Clone, Copy, Debug)]
struct Pair {
    wrong: usize,
    honest: usize,
    child: RecordId,
}

impl World {
    /// Sets one tablet's clock wrong by years, lets it and an honest one edit the same child without
    /// seeing each other, and looks who won. Both ways round.
    pub(crate) fn probe_clocks(&mut self) -> Checked {
        let Some(pair) = self.draw_pair()? else { return Ok(()) };
        self.hub.diary.tally.probes += 1;
        let years = if self.dice.percent(50) {
            self.dice.between(1, 10)
        } else {
            self.dice.between(-50, -1)
        };
        self.tablets[pair.honest].machine.set_wrong_by(0);
        self.tablets[pair.wrong].machine.set_wrong_by(years * YEAR);
        self.hub
            .note(format!("{} is {years} years wrong from here on", self.tablets[pair.wrong].name));
        if self.dice.percent(50) {
            // Otherwise the clock is measured only when the edit is sent.
            self.come_to_rest()?;
        }
        self.edit_one_after_the_other(pair, pair.wrong, pair.honest)?;
        self.edit_one_after_the_other(pair, pair.honest, pair.wrong)
    }

    /// Two tablets and a child for both, which one of them enters.
    fn draw_pair(&mut self) -> Checked<Option<Pair>> {
        let wrong = self.dice.below(self.tablets.len());
        let honest = (wrong + 1 + self.dice.below(self.tablets.len() - 1)) % self.tablets.len();
        let village = self.dice.one_of(&self.hub.country.villages).unwrap().clone();
        for at in [wrong, honest] {
            self.grant(self.tablets[at].worker, GrantOf::Area(village.clone()));
        }
        let name = self.next_name();
        let body = crate::bodies::child(&mut self.dice, &name);
        let saved = self.save(wrong, Kind::CHILD, None, Some(village), body);
        self.come_to_rest()?;
        Ok(saved.map(|saved| Pair { wrong, honest, child: saved.id }))
    }

    fn edit_one_after_the_other(&mut self, pair: Pair, first: usize, last: usize) -> Checked {
        for (at, note) in [(first, "pertama"), (last, "terakhir")] {
            self.hub.time.pass(self.dice.between(10, 300) * MINUTE);
            let body = body_of(&self.tablets[at], Kind::CHILD, pair.child).unwrap();
            let body = body.with("address", format!("{note} {at}"));
            self.save(at, Kind::CHILD, Some(pair.child), None, body);
        }
        self.hub.time.pass(self.dice.between(1, 600) * MINUTE);
        let order = if self.dice.percent(50) { [first, last] } else { [last, first] };
        for at in order {
            let manners = Manners { trouble: 30, ..Manners::default() };
            let mut line = Line::of(&mut self.hub, manners);
            let result = self.tablets[at].replica_mut().sync(&mut line, &mut |_| ());
            self.judge(at, manners, Seen::OnlyTheEnd, result.map(|_| ()))?;
        }
        self.come_to_rest()?;
        for at in [pair.wrong, pair.honest] {
            let body = body_of(&self.tablets[at], Kind::CHILD, pair.child).unwrap();
            if body.text("address") != Some(&format!("terakhir {last}")) {
                let what = format!(
                    "{} edited last, and {} shows {:?}",
                    self.tablets[last].name,
                    self.tablets[at].name,
                    body.text("address")
                );
                return broken(Guarantee::Clocks, what);
            }
        }
        Ok(())
    }
}
