//! Letters that the network held back: they arrive when nobody waits for them any more, among those
//! of other devices and after newer ones of their own.

use crate::letter::Letter;

#[derive(Clone, Debug, Default)]
pub(crate) struct Late {
    held: Vec<(i64, Letter)>,
}

impl Late {
    pub(crate) fn hold(&mut self, letter: Letter, until_ms: i64) {
        self.held.push((until_ms, letter));
    }

    /// The next letter that is due by then.
    pub(crate) fn due(&mut self, now_ms: i64) -> Option<Letter> {
        let (at, _) = self
            .held
            .iter()
            .enumerate()
            .filter(|(_, (until_ms, _))| *until_ms <= now_ms)
            .min_by_key(|(_, (until_ms, _))| *until_ms)?;
        Some(self.held.remove(at).1)
    }
}
