//! A made-up population of balita for the demo and for fixtures: the same seed gives the same
//! children, byte for byte, on every machine (integers only, its own generator).
//!
//! No child in it is real. Names are put together from common ones; every NIK and KK has a serial
//! number of 9000 or more, which registration offices do not reach in a day; posyandu and addresses
//! say CONTOH; phone numbers begin with 0800, which is no mobile prefix.

mod child;
mod growth;
mod measurements;
mod names;
mod random;
mod sheet;

use child::Serials;
use chrono::Months;
use random::Random;
use sync_protocol::area::Area;
use sync_protocol::body::Body;
use sync_protocol::time::CivilDate;

/// Children are younger than this at the population's own today.
const AGE_MONTHS_MAX: u32 = 60;
/// In a hundred villages, this many have a second posyandu: 454 over 378 in Lahat.
const SECOND_POSYANDU_PERCENT: i64 = 20;

/// A kecamatan's children, or those of any other set of villages.
#[derive(Clone, Debug, PartialEq)]
pub struct Population {
    /// Every posyandu with its village, in the order of the villages given.
    pub posyandu: Vec<(Area, String)>,
    pub children: Vec<DemoChild>,
    areas: Vec<(Area, String)>,
}

/// A child, where it lives, and what was measured in the twelve months before today.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoChild {
    pub area: Area,
    pub body: Body,
    /// In the order of their dates, without `child_id`: the child has no id yet.
    pub measurements: Vec<Body>,
}

impl Population {
    /// Makes `children` children of 0-59 months at `today`. Children live in the villages among
    /// `areas`; pass their kecamatan too, since [`Population::sasaran_csv`] writes its name. A
    /// larger population begins with the children of a smaller one of the same seed.
    pub fn of(
        seed: u64,
        areas: &[(Area, String)],
        today: CivilDate,
        children: usize,
    ) -> Population {
        let villages: Vec<Village> = areas
            .iter()
            .filter(|(area, _)| area.is_village())
            .map(|(area, _)| Village::of(seed, area))
            .collect();
        let mut serials = Serials::default();
        let made = (0..children).filter_map(|index| {
            let mut random = Random::of(seed, &format!("child {index}"));
            let village = Village::pick(&villages, &mut random)?;
            Some(village.child(&mut random, &mut serials, today))
        });
        let children = made.collect();
        let posyandu = villages.iter().flat_map(|village| {
            village.posyandu.iter().map(|name| (village.area.clone(), name.clone()))
        });
        Population { posyandu: posyandu.collect(), children, areas: areas.to_vec() }
    }

    /// The population as the identity template of e-PPGBM, with the columns kecamatan, desa and
    /// posyandu behind it.
    pub fn sasaran_csv(&self) -> String {
        sheet::write(&self.children, &self.areas)
    }
}

struct Village {
    area: Area,
    posyandu: Vec<String>,
    /// How many children it has, compared with the others.
    weight: i64,
}

impl Village {
    /// A village depends on its code only, so that it has the same posyandu in every population
    /// of one seed.
    fn of(seed: u64, area: &Area) -> Village {
        let mut random = Random::of(seed, &format!("village {area}"));
        let first = random.pick(&names::POSYANDU);
        let mut posyandu = vec![format!("CONTOH {first}")];
        if random.chance(SECOND_POSYANDU_PERCENT) {
            let second = names::POSYANDU.iter().skip_while(|name| **name != first).nth(1);
            let [start, ..] = names::POSYANDU;
            posyandu.push(format!("CONTOH {}", second.unwrap_or(&start)));
        }
        Village { area: area.clone(), posyandu, weight: random.between(60, 140) }
    }

    fn pick<'v>(villages: &'v [Village], random: &mut Random) -> Option<&'v Village> {
        let mut left = random.below(villages.iter().map(|village| village.weight).sum());
        villages.iter().find(|village| {
            left -= village.weight;
            left < 0
        })
    }

    fn child(&self, random: &mut Random, serials: &mut Serials, today: CivilDate) -> DemoChild {
        let oldest = today.checked_sub_months(Months::new(AGE_MONTHS_MAX)).unwrap_or(today);
        let days = random.below((today - oldest).num_days());
        let born = today.checked_sub_days(random::days(days)).unwrap_or(today);
        let sex = names::sex(random);
        let traits = growth::Traits::draw(random, sex, days);
        let posyandu = random.below(self.posyandu.len().try_into().unwrap_or(1));
        let index = usize::try_from(posyandu).unwrap_or(0);
        let name = self.posyandu.get(index).map_or("", String::as_str);
        let identity = child::Identity { area: &self.area, posyandu: name, born, today };
        DemoChild {
            area: self.area.clone(),
            body: identity.body(random, &traits, serials),
            measurements: measurements::year_of(random, &traits, &identity),
        }
    }
}

#[cfg(test)]
mod tests;
