use super::*;
use proptest::prelude::*;

fn stamp(text: &str) -> Stamp {
    text.parse().unwrap()
}

fn stamped(on: &str, counter: u16) -> Rank {
    let recency = Recency::Stamped(stamp(&format!("0193a5b2c4d1{counter:04x}-acd0f1a7")));
    Rank { on: on.parse().unwrap(), recency }
}

fn logged(on: &str, seq: u64) -> Rank {
    Rank { on: on.parse().unwrap(), recency: Recency::Logged(seq) }
}

const WEIGHED: Measures = Measures { weight: true, length: false, head: false, arm: false };
const MEASURED: Measures = Measures { weight: true, length: true, head: false, arm: false };

/// The names of those that count, of measurements that come in this order and in the other.
#[track_caller]
fn counted(taken: &[(Rank, Measures, &'static str)], need: Need) -> Option<&'static str> {
    let (mut one, mut other) = (Counted::default(), Counted::default());
    for (rank, measures, name) in taken {
        one.take(*rank, *measures, name);
    }
    for (rank, measures, name) in taken.iter().rev() {
        other.take(*rank, *measures, name);
    }
    assert_eq!(one.get(need), other.get(need), "the order of arrival counts");
    one.get(need).copied()
}

#[test]
fn of_one_day_the_later_stamp_counts() {
    let day = "2026-11-10";
    let taken = [(stamped(day, 2), WEIGHED, "later"), (stamped(day, 1), WEIGHED, "earlier")];
    assert_eq!(counted(&taken, Need::Weight), Some("later"));
}

#[test]
fn of_two_stamps_of_one_moment_the_greater_device_counts() {
    let with = |device: &str| Rank {
        on: "2026-11-10".parse().unwrap(),
        recency: Recency::Stamped(stamp(&format!("0193a5b2c4d10000-{device}"))),
    };
    let taken = [(with("00000002"), WEIGHED, "greater"), (with("00000001"), WEIGHED, "less")];
    assert_eq!(counted(&taken, Need::Weight), Some("greater"));
}

#[test]
fn what_has_no_stamp_yet_is_later_than_all_that_has_in_the_order_of_the_log() {
    let day = "2026-11-10";
    let last = "ffffffffffffffff-ffffffff";
    let stamped = Rank { on: day.parse().unwrap(), recency: Recency::Stamped(stamp(last)) };
    let taken = [
        (logged(day, 8), WEIGHED, "second save"),
        (stamped, WEIGHED, "stamped"),
        (logged(day, 7), WEIGHED, "first save"),
    ];
    assert_eq!(counted(&taken, Need::Weight), Some("second save"));
    assert_eq!(counted(&taken[1..], Need::Weight), Some("first save"));
}

#[test]
fn of_a_month_the_latest_day_counts_whatever_was_stamped_last() {
    let taken =
        [(stamped("2026-11-20", 1), WEIGHED, "20"), (stamped("2026-11-10", 2), WEIGHED, "10")];
    assert_eq!(counted(&taken, Need::Weight), Some("20"));
}

#[test]
fn each_need_counts_by_what_has_it() {
    let taken = [
        (stamped("2026-11-10", 1), MEASURED, "measured"),
        (stamped("2026-11-10", 2), WEIGHED, "weighed again"),
    ];
    assert_eq!(counted(&taken, Need::Weight), Some("weighed again"));
    assert_eq!(counted(&taken, Need::Length), Some("measured"));
    assert_eq!(counted(&taken, Need::WeightAndLength), Some("measured"));
    assert_eq!(counted(&taken, Need::Head), None);
    assert_eq!(counted(&taken, Need::Arm), None);
}

#[test]
fn every_index_needs_what_it_is_made_of() {
    let only = |need: Need| Measures {
        weight: need == Need::Weight,
        length: need == Need::Length,
        head: need == Need::Head,
        arm: need == Need::Arm,
    };
    for (index, need) in [
        (Index::WeightForAge, Need::Weight),
        (Index::LengthForAge, Need::Length),
        (Index::HeadForAge, Need::Head),
        (Index::ArmForAge, Need::Arm),
    ] {
        assert_eq!(Need::of(index), need);
        let met = Need::ALL.into_iter().filter(|each| only(need).meet(*each));
        assert_eq!(met.collect::<Vec<_>>(), [need]);
    }
    for index in [Index::WeightForLength, Index::BmiForAge] {
        assert_eq!(Need::of(index), Need::WeightAndLength);
    }
    assert!(!WEIGHED.meet(Need::WeightAndLength) && MEASURED.meet(Need::WeightAndLength));
}

fn z(hundredths: i32, flagged: bool) -> Option<Z> {
    Some(Z { hundredths: Hundredths::new(hundredths), flagged })
}

#[test]
fn oedema_is_the_lowest_of_what_rests_on_weight_and_hides_nothing_else() {
    for (index, lowest) in [
        (Index::WeightForAge, "sangat_kurang"),
        (Index::WeightForLength, "gizi_buruk"),
        (Index::BmiForAge, "gizi_buruk"),
    ] {
        for score in [None, z(100, false), z(700, true)] {
            assert_eq!(Figure::of(index, score, true), Figure::Oedema, "{index:?}");
        }
        assert_eq!(Figure::Oedema.word(index), Some(lowest));
    }
    let of = |index| Figure::of(index, z(-50, false), true);
    for index in [Index::LengthForAge, Index::HeadForAge, Index::ArmForAge] {
        assert_eq!(of(index), Figure::Plausible(Hundredths::new(-50)), "{index:?}");
    }
    assert_eq!(Figure::Oedema.is_below(RedLine::default()), Some(true));
}

#[test]
fn a_flagged_score_is_in_no_category_and_below_no_line() {
    let flagged = Figure::of(Index::WeightForAge, z(-620, true), false);
    assert_eq!(flagged, Figure::Flagged);
    assert_eq!(flagged.word(Index::WeightForAge), None);
    assert_eq!(flagged.is_below(RedLine::default()), None);
    let none = Figure::of(Index::WeightForAge, None, false);
    assert_eq!((none, none.is_below(RedLine::default())), (Figure::Unscored, None));
    assert_eq!(none.word(Index::WeightForAge), None);
    assert_eq!(Figure::Plausible(Hundredths::new(-201)).word(Index::WeightForAge), Some("kurang"));
}

#[test]
fn the_red_line_itself_is_not_below_it() {
    let is_below = |hundredths| {
        Figure::of(Index::WeightForAge, z(hundredths, false), false).is_below(RedLine::default())
    };
    assert_eq!((is_below(-201), is_below(-200)), (Some(true), Some(false)));
}

fn any_taken() -> impl Strategy<Value = Vec<(Rank, Measures, usize)>> {
    let recency = prop_oneof![
        (0_u16..4).prop_map(|counter| stamped("2026-11-10", counter).recency),
        (1_u64..4).prop_map(Recency::Logged),
    ];
    let rank = (1_u32..4, recency).prop_map(|(day, recency)| Rank {
        on: CivilDate::from_ymd_opt(2026, 11, day).unwrap(),
        recency,
    });
    let measures = any::<[bool; 4]>().prop_map(|[weight, length, head, arm]| Measures {
        weight,
        length,
        head,
        arm,
    });
    prop::collection::vec((rank, measures), 0..8).prop_map(|taken| {
        // Two measurements never have one rank.
        let mut kept: Vec<(Rank, Measures, usize)> = Vec::new();
        for (name, (rank, measures)) in taken.into_iter().enumerate() {
            if kept.iter().all(|(known, _, _)| *known != rank) {
                kept.push((rank, measures, name));
            }
        }
        kept
    })
}

proptest! {
    #[test]
    fn what_counts_is_the_last_in_order_that_has_what_is_needed(taken in any_taken()) {
        let (mut counted, mut rest) = (Counted::default(), Counted::default());
        for (at, (rank, measures, name)) in taken.iter().enumerate() {
            let half = if at % 2 == 0 { &mut counted } else { &mut rest };
            half.take(*rank, *measures, name);
        }
        counted.join(&rest);
        for need in Need::ALL {
            let mut fit: Vec<_> = taken.iter().filter(|(_, has, _)| has.meet(need)).collect();
            fit.sort_by_key(|(rank, _, _)| (rank.on, rank.recency));
            prop_assert_eq!(counted.get(need), fit.last().map(|(_, _, name)| name));
        }
    }
}
