//! The cut-offs and the exact Indonesian names, at and around every edge.

use child_growth::{
    ArmCategory, CompletedMonths, HeadCategory, HeightCategory, Hundredths, Index, Length,
    LengthKind, NutritionCategory, WeightCategory,
};

fn z(hundredths: i32) -> Hundredths {
    Hundredths::new(hundredths)
}

#[test]
fn weight_for_age() {
    for (at, name, short) in [
        (-9999, "Berat badan sangat kurang", "Sangat Kurang"),
        (-301, "Berat badan sangat kurang", "Sangat Kurang"),
        (-300, "Berat badan kurang", "Kurang"),
        (-201, "Berat badan kurang", "Kurang"),
        (-200, "Berat badan normal", "Normal"),
        (0, "Berat badan normal", "Normal"),
        (100, "Berat badan normal", "Normal"),
        (101, "Risiko berat badan lebih", "Risiko Lebih"),
    ] {
        let category = WeightCategory::of(z(at));
        assert_eq!((category.name(), category.short()), (name, short), "{at}");
        assert_eq!(category.is_underweight(), at < -200, "{at}");
    }
}

#[test]
fn height_for_age() {
    for (at, name, short) in [
        (-301, "Sangat pendek", "Sangat Pendek"),
        (-300, "Pendek", "Pendek"),
        (-201, "Pendek", "Pendek"),
        (-200, "Normal", "Normal"),
        (300, "Normal", "Normal"),
        (301, "Tinggi", "Tinggi"),
    ] {
        let category = HeightCategory::of(z(at));
        assert_eq!((category.name(), category.short()), (name, short), "{at}");
        assert_eq!(category.is_stunted(), at < -200, "{at}");
    }
}

#[test]
fn weight_for_length_and_bmi() {
    for (at, name, short) in [
        (-301, "Gizi buruk", "Gizi Buruk"),
        (-300, "Gizi kurang", "Gizi Kurang"),
        (-201, "Gizi kurang", "Gizi Kurang"),
        (-200, "Gizi baik (normal)", "Gizi Baik"),
        (100, "Gizi baik (normal)", "Gizi Baik"),
        (101, "Berisiko gizi lebih", "Risiko Gizi Lebih"),
        (200, "Berisiko gizi lebih", "Risiko Gizi Lebih"),
        (201, "Gizi lebih", "Gizi Lebih"),
        (300, "Gizi lebih", "Gizi Lebih"),
        (301, "Obesitas", "Obesitas"),
    ] {
        let category = NutritionCategory::of(z(at));
        assert_eq!((category.name(), category.short()), (name, short), "{at}");
        assert_eq!(category.is_wasted(), at < -200, "{at}");
    }
}

#[test]
fn head_for_age() {
    for (at, name) in
        [(-201, "Mikrosefali"), (-200, "Normal"), (200, "Normal"), (201, "Makrosefali")]
    {
        assert_eq!(HeadCategory::of(z(at)).name(), name, "{at}");
    }
}

#[test]
fn lila_goes_by_centimetres_from_6_to_59_months() {
    let name = |cm, months| {
        let arm = Length::from_cm(cm).unwrap();
        ArmCategory::of(arm, CompletedMonths::new(months)).map(ArmCategory::name)
    };
    for (cm, expected) in [
        (11.4, "Gizi buruk"),
        (11.499_999, "Gizi buruk"),
        (11.5, "Gizi kurang"),
        (12.4, "Gizi kurang"),
        (12.499_999, "Gizi kurang"),
        (12.5, "Normal"),
        (15.0, "Normal"),
    ] {
        assert_eq!(name(cm, 24), Some(expected), "{cm}");
    }
    assert_eq!(name(11.0, 5), None);
    assert_eq!(name(11.0, 6), Some("Gizi buruk"));
    assert_eq!(name(11.0, 59), Some("Gizi buruk"));
    assert_eq!(name(11.0, 60), None);
}

#[test]
fn labels_follow_length_or_height() {
    let labels = |kind| Index::ALL.map(|index| index.label(kind));
    assert_eq!(labels(LengthKind::Length), ["BB/U", "PB/U", "BB/PB", "IMT/U", "LK/U", "LiLA/U"]);
    assert_eq!(labels(LengthKind::Height), ["BB/U", "TB/U", "BB/TB", "IMT/U", "LK/U", "LiLA/U"]);
}
