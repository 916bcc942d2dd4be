//! What supervisors read: lists, one child with its history, and files out, through
//! `Service::answer` as the network calls it.

#[cfg(test)]
mod files;
#[cfg(test)]
mod formulas;
#[cfg(test)]
mod history;
#[cfg(test)]
mod layouts;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod support;
