use super::*;
use child_growth::{Hundredths, Table};
use sync_protocol::body::Body;
use sync_protocol::growth::{Child, Measured, series};
use sync_protocol::record::measurement;
use sync_protocol::time::CivilDate;

const BORN: &str = "2025-01-10";

fn rows(measures: &[(&str, i64, i64)]) -> Vec<Body> {
    let each = measures.iter();
    each.map(|(on, grams, mm)| {
        Body::new()
            .with(measurement::MEASURED_ON, *on)
            .with(measurement::WEIGHT_G, *grams)
            .with(measurement::HEIGHT_MM, *mm)
            .with(measurement::POSITION, "terlentang")
    })
    .collect()
}

fn plotted(chart: Chart, measures: &[(&str, i64, i64)]) -> Vec<Point> {
    let child = Child::new("P", BORN.parse().unwrap()).unwrap();
    let bodies = rows(measures);
    let measured: Vec<Measured> = bodies.iter().filter_map(Measured::of).collect();
    let readings = series(&child, &measured);
    let days: Vec<CivilDate> =
        bodies.iter().filter_map(|body| body.date(measurement::MEASURED_ON)).collect();
    let each = days.into_iter().zip(&measured).zip(&readings);
    points(chart, &child, each.filter_map(|((on, m), r)| Some((on, m, r.as_ref()?))))
}

#[test]
fn a_chart_says_its_last_point_in_words() {
    let points =
        plotted(Chart::LengthForAge, &[("2026-01-10", 8_000, 700), ("2026-06-10", 8_400, 720)]);
    let drawn = draw(Chart::LengthForAge, Sex::Female, &points).into_string();
    assert!(drawn.contains(r#"role="img""#), "{drawn}");
    let last = points[1].z.unwrap();
    assert!(last.get() < -200);
    let said = format!(
        "Grafik PB/U, panjang menurut umur, 2 pengukuran. Terakhir 10-06-2026: 72,0 cm, {} SD (",
        z_text(last)
    );
    assert!(drawn.contains(&said), "{said} is not in {drawn}");
    assert_eq!(drawn.matches("<title>").count(), 2);
    assert!(!drawn.contains("style="), "the CSP forbids it: {drawn}");
}

#[test]
fn a_point_on_the_line_of_minus_two_lies_on_that_line() {
    let day = 400;
    let value = Table::WeightForAge.row(Sex::Female, day).unwrap().at(-2.0);
    let point = Point {
        on: BORN.parse().unwrap(),
        at: f64::from(day),
        value,
        z: Some(Hundredths::new(-200)),
        is_flagged: false,
        kind: LengthKind::Length,
    };
    let span = Span::around(Chart::WeightForAge, LengthKind::Length, &[point]);
    let chart = Chart::WeightForAge;
    let extremes = standard::extremes(chart, Sex::Female, LengthKind::Length, span);
    let frame = Frame::around(&extremes, span, &[point]);
    let line = standard::along(chart, Sex::Female, LengthKind::Length, span, -2.0);
    let (x, y) = frame.place(point.at, point.value);
    let after = line.iter().position(|(at, _)| *at >= point.at).unwrap();
    let ends = [line[after - 1], line[after]].map(|(at, value)| frame.place(at, value));
    assert!((ends[0].0..=ends[1].0).contains(&x), "{ends:?} {x}");
    assert!((ends[1].1 - 0.5..=ends[0].1 + 0.5).contains(&y), "{ends:?} {y}");
}

#[test]
fn the_picture_is_as_wide_as_the_points_need() {
    let months = |chart, measures: &[(&str, i64, i64)]| {
        let span = Span::around(chart, LengthKind::Length, &plotted(chart, measures));
        let month = |days: f64| (days / standard::DAYS_PER_MONTH).round();
        (month(span.from), month(span.to))
    };
    let (young, old) = (("2025-03-10", 5_000, 570), ("2027-06-10", 11_000, 850));
    assert_eq!(months(Chart::WeightForAge, &[young]), (0.0, 24.0));
    assert_eq!(months(Chart::WeightForAge, &[old]), (24.0, 60.0));
    assert_eq!(months(Chart::WeightForAge, &[young, old]), (0.0, 36.0));
    let oldest = ("2029-06-10", 15_000, 1_000);
    assert_eq!(months(Chart::WeightForAge, &[young, oldest]), (0.0, 60.0));
    assert_eq!(months(Chart::WeightForAge, &[]), (0.0, 24.0));
    let lengths = plotted(Chart::WeightForLength, &[young]);
    let span = Span::around(Chart::WeightForLength, LengthKind::Length, &lengths);
    assert_eq!((span.from, span.to), (50.0, 75.0));
}

#[test]
fn a_child_without_measurements_has_the_lines_and_a_sentence() {
    for chart in Chart::ALL {
        let drawn = draw(chart, Sex::Male, &[]).into_string();
        assert_eq!(drawn.matches("class=\"sd ").count(), 5, "{drawn}");
        assert!(drawn.contains("Belum ada pengukuran"), "{drawn}");
        assert!(!drawn.contains("NaN") && !drawn.contains("inf"), "{drawn}");
    }
}

#[test]
fn below_minus_two_and_minus_three_have_shapes_of_their_own() {
    let shape = |z: i32| {
        let point = Point {
            on: BORN.parse().unwrap(),
            at: 100.0,
            value: 5.0,
            z: Some(Hundredths::new(z)),
            is_flagged: false,
            kind: LengthKind::Length,
        };
        let drawn = draw(Chart::WeightForAge, Sex::Male, &[point]).into_string();
        let (_, dot) = drawn.rsplit_once("<g class=\"").unwrap();
        dot.chars().take(10).collect::<String>()
    };
    assert!(shape(-100).contains("dot good"), "{}", shape(-100));
    assert!(shape(-250).contains("dot warn"), "{}", shape(-250));
    assert!(shape(-350).contains("dot bad"), "{}", shape(-350));
}

#[test]
fn no_shape_swallows_the_next() {
    let points =
        plotted(Chart::WeightForAge, &[("2026-01-10", 6_000, 700), ("2026-06-10", 8_400, 720)]);
    let drawn = draw(Chart::WeightForAge, Sex::Female, &points).into_string();
    for shape in ["polyline", "line", "circle", "polygon", "text", "title", "g"] {
        let count = |text: String| drawn.matches(&text).count();
        let opened = count(format!("<{shape} ")) + count(format!("<{shape}>"));
        assert_eq!(opened, count(format!("</{shape}>")), "{shape} in {drawn}");
    }
}
