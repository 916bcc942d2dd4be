//! The LMS formulas: a z-score from a measure, and the measure at a z-score.
//!
//! `libm::pow` is called and not `f64::powf`, because the latter is whatever the platform has.

/// One row of a standard: the power L, the median M and the variation S.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Lms {
    l: f64,
    m: f64,
    s: f64,
}

impl Lms {
    pub(crate) const fn new(l: f64, m: f64, s: f64) -> Self {
        Self { l, m, s }
    }

    /// The Box-Cox power, never 0 in WHO's tables.
    #[must_use]
    pub const fn l(self) -> f64 {
        self.l
    }

    /// The median, in the unit of the table.
    #[must_use]
    pub const fn m(self) -> f64 {
        self.m
    }

    /// The coefficient of variation.
    #[must_use]
    pub const fn s(self) -> f64 {
        self.s
    }

    /// The measure at k standard deviations, as on a growth chart's lines: `M (1 + L S k)^(1/L)`.
    #[must_use]
    pub fn at(self, k: f64) -> f64 {
        self.m * libm::pow(1.0 + self.l * self.s * k, 1.0 / self.l)
    }

    /// `(y/M)^L`, the costly part of a score.
    pub(crate) fn power(self, y: f64) -> f64 {
        libm::pow(y / self.m, self.l)
    }

    /// `((y/M)^L - 1) / (S L)`, for length and head.
    pub(crate) fn plain(self, power: f64) -> f64 {
        (power - 1.0) / (self.s * self.l)
    }

    /// WHO's restricted score: as plain, but linear beyond 3 SD.
    pub(crate) fn restricted(self, y: f64, power: f64) -> f64 {
        let z = self.plain(power);
        if z.abs() > 3.0 { self.beyond(y, 1.0_f64.copysign(z)) } else { z }
    }

    /// Beyond 3 SD on one side, in steps of the last SD: `3 + (y - SD3) / (SD3 - SD2)` above,
    /// `-3 + (y - SD-3) / (SD-2 - SD-3)` below. One child in fifty comes here.
    #[cold]
    fn beyond(self, y: f64, side: f64) -> f64 {
        let (sd2, sd3) = (self.at(2.0 * side), self.at(3.0 * side));
        3.0 * side + (y - sd3) / ((sd3 - sd2) * side)
    }

    /// The row a share `d` of the way to the next.
    pub(crate) fn towards(self, next: Self, d: f64) -> Self {
        Self {
            l: self.l + d * (next.l - self.l),
            m: self.m + d * (next.m - self.m),
            s: self.s + d * (next.s - self.s),
        }
    }
}
