//! What supervisors read: lists, one child with its history, and files out, through
//! `Gateway::answer` as the network calls it; and files in, by what supervisors read afterwards.

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
mod pitfalls;
#[cfg(test)]
mod support;
#[cfg(test)]
mod weighed;
