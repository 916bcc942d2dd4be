//! The binary as a person and a script use it, against a server on this machine that answers from
//! a script.
#![cfg(feature = "cli")]

#[cfg(test)]
mod desk;
#[cfg(test)]
mod enrolment;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod growth;
#[cfg(test)]
mod syncing;
#[cfg(test)]
mod tablet;
#[cfg(test)]
mod usage;
#[cfg(test)]
mod wording;
