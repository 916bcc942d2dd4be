//! Every figure, list and file against a second implementation of the rules.
//!
//! A random kabupaten is lived through by two tablets; what the server has merged of it is read anew
//! from the log of changes, and the figures are counted by a few plain lines (`rules`). Nothing of the
//! server's reports, and none of its typed columns, is used for that. `TIMBANG_SEED` plays one again.

mod aim;
mod book;
mod by_name;
mod calendar;
mod commands;
mod files;
mod grown;
mod kabupaten;
mod life;
mod lists;
mod pages;
mod recap;
mod reports;
mod rules;
mod sheets;
mod tables;
mod tally;

use kabupaten::Kabupaten;
use sync_tests::is_long_proof;

/// More than live in 64 desa.
const CHILDREN: usize = 150;
/// Kabupaten that a long proof plays, where an ordinary run plays one.
const MANY: u64 = 20;

fn in_each(seed: u64, check: fn(&Kabupaten)) {
    let count = if is_long_proof() { MANY } else { 1 };
    (0..count).for_each(|more| check(&Kabupaten::new(seed + 100 * more, CHILDREN)));
}

#[test]
fn every_report_agrees_with_a_second_count() {
    in_each(1, reports::check);
}

#[test]
fn figures_of_few_and_of_many_are_read_in_two_ways_and_are_the_same() {
    in_each(7, reports::check_either_way);
}

#[test]
fn ringkasan_and_the_trend_agree_with_a_second_count() {
    in_each(2, pages::check);
}

#[test]
fn every_list_names_the_children_whom_a_second_count_finds() {
    in_each(3, lists::check);
}

#[test]
fn every_file_agrees_with_a_second_count() {
    in_each(4, files::check);
}

#[test]
fn an_entry_sheet_lists_who_is_on_the_list_that_day() {
    in_each(5, sheets::check);
}

#[test]
fn the_commands_agree_with_a_second_count() {
    in_each(6, commands::check);
}
