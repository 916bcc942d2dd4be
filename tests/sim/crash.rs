//! Sudden death of a tablet: what it was doing ends there, and what it had not committed is gone.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;

/// What flies when a tablet dies.
struct Death;

/// Ends the tablet that is at work, here and now.
pub(crate) fn die() -> ! {
    resume_unwind(Box::new(Death))
}

/// Lets a tablet work; none when it died of it.
pub(crate) fn survive<T>(work: impl FnOnce() -> T) -> Option<T> {
    let fly =
        |cause: Box<dyn Any + Send>| if cause.is::<Death>() { None } else { resume_unwind(cause) };
    catch_unwind(AssertUnwindSafe(work)).map_or_else(fly, Some)
}

/// Burns a little with each step of a tablet, and ends it. Copies are the same fuse.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fuse(Rc<Cell<Option<u32>>>);

impl Fuse {
    pub(crate) fn burn(&self, steps: u32) {
        self.0.set(Some(steps));
    }

    pub(crate) fn quench(&self) {
        self.0.set(None);
    }

    pub(crate) fn step(&self) {
        match self.0.get() {
            None => {}
            Some(0) => {
                self.quench();
                die();
            }
            Some(left) => self.0.set(Some(left - 1)),
        }
    }
}
