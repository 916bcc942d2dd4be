//! How much is little: a question about few desa or few children is answered one by one, by the
//! index of each; one about many in one pass over all. Both ways give the same. Departures are few in
//! any scope: they are always read in feed order.

/// Up to how many are read one by one.
#[derive(Clone, Copy, Debug)]
pub struct Few {
    pub villages: usize,
    pub children: usize,
}

impl Default for Few {
    fn default() -> Self {
        Few { villages: 64, children: 1_000 }
    }
}
