//! The replica against a server that says what each test scripts. Nothing here merges: the merge
//! lives in the protocol crate and is tested there and against the real server.

#[cfg(test)]
mod changed;
#[cfg(test)]
mod clock;
#[cfg(test)]
mod counted;
#[cfg(test)]
mod enrol;
#[cfg(test)]
mod files;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod overlay;
#[cfg(test)]
mod parked;
#[cfg(test)]
mod patience;
#[cfg(test)]
mod pull;
#[cfg(test)]
mod replaced;
#[cfg(test)]
mod resend;
#[cfg(test)]
mod sasaran;
#[cfg(test)]
mod save;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod scope;
#[cfg(test)]
mod send;
#[cfg(test)]
mod support;
#[cfg(test)]
mod wipe;
