//! Which codes apply where and when: a table of places and dates.

use plancheck_contract::manifest::ModuleInfo;
use plancheck_contract::{Amends, Jurisdiction, Manifest, Policy, VERSION};
use plancheck_engine::rules::place::Place;
use plancheck_engine::rules::resolve::{Resolution, is_date, resolve};

/// `id place family edition from until amends`, `-` for nothing.
const MODULES: &str = "
us-ibc-2018          us                  IBC  2018 2018-01-01 -          -
us-ibc-2021          us                  IBC  2021 2021-01-01 -          -
us-ibc-2024          us                  IBC  2024 2024-01-01 -          -
us-ibc-2024-more     us                  IBC  2024 2024-01-01 -          -
us-nec-2020          us                  NEC  2020 2019-09-01 -          -
us-nec-2023          us                  NEC  2023 2022-09-01 -          -
us-ada-2010          us                  ADA  2010 2012-03-15 -          -
us-ca-nec-2022       us/ca               NEC  2022 2023-01-01 2026-01-01 us-nec-2020
us-ca-nec-2025       us/ca               NEC  2025 2026-01-01 -          us-nec-2023
us-ca-ibc-2022       us/ca               IBC  2022 2023-01-01 2026-01-01 us-ibc-2021
us-ca-ibc-2025       us/ca               IBC  2025 2026-01-01 -          us-ibc-2024
us-ca-sf             us/ca/san-francisco IBC  2022 2023-01-01 -          us-ibc-2021
us-fl-bc-2023        us/fl               IBC  FBC8 2023-12-31 -          -
us-il-chicago        us/il/chicago       IBC  2019 2019-12-01 -          us-ibc-2018
us-ny-nyc            us/ny/new-york      IBC  BC22 2022-11-07 -          -
us-tx-nec            us/tx               NEC  2023 2023-09-01 -          us-nec-2023
us-ca-marin          us/ca/marin/-       IBC  M    2023-06-01 -          us-ibc-2024
de-mbo               de                  MBO  2002 2002-11-01 -          -
de-din-18040         de                  DIN  18040 2010-10-01 -         -
de-by-baybo          de/by               MBO  BayBO 2008-01-01 -         -
eu-en-1991           eu                  EN   1991 -          -          -
gb-eng-adk           gb/eng              ADK  2013 2013-04-06 -          -
au-ncc-2019          au                  NCC  2019 2019-05-01 2022-10-01 -
au-ncc-2022          au                  NCC  2022 2022-10-01 -          -
au-vic-ncc-2022      au/vic              NCC  V22  2023-05-01 -          au-ncc-2022
";

fn none(text: &str) -> String {
    if text == "-" {
        String::new()
    } else {
        text.to_owned()
    }
}

fn manifests() -> Vec<Manifest> {
    let read = |line: &str| {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [id, place, family, edition, from, until, amends] = words[..] else {
            panic!("{line}");
        };
        let parts: Vec<String> = place.split('/').map(none).collect();
        let part = |at: usize| parts.get(at).cloned().unwrap_or_default();
        let (county, city) = if parts.len() > 3 {
            (part(2), part(3))
        } else {
            (String::new(), part(2))
        };
        Manifest {
            contract: VERSION.to_owned(),
            module: ModuleInfo {
                id: id.to_owned(),
                ..ModuleInfo::default()
            },
            jurisdiction: Jurisdiction {
                country: part(0),
                state: part(1),
                county,
                city,
                family: none(family),
                edition: none(edition),
                effective_from: none(from),
                effective_until: none(until),
            },
            amends: (amends != "-").then(|| Amends {
                module: amends.to_owned(),
                policy: Policy::Replace,
                parameters: Vec::new(),
                disable: Vec::new(),
            }),
            ..Manifest::default()
        }
    };
    MODULES
        .lines()
        .filter(|line| !line.is_empty())
        .map(read)
        .collect()
}

fn resolved(place: &str, date: Option<&str>) -> Resolution {
    let manifests = manifests();
    let all: Vec<&Manifest> = manifests.iter().collect();
    let place: Place = place.parse().unwrap();
    resolve(&all, &place, date)
}

/// Place, date, and the modules that apply in their order.
const TABLE: &[(&str, &str, &str)] = &[
    // The newest edition that is in force, where nobody adopts one.
    (
        "us",
        "2026-06-01",
        "us-ibc-2024 us-ibc-2024-more us-nec-2023 us-ada-2010",
    ),
    (
        "us",
        "2024-01-01",
        "us-ibc-2024 us-ibc-2024-more us-nec-2023 us-ada-2010",
    ),
    ("us", "2023-12-31", "us-ibc-2021 us-nec-2023 us-ada-2010"),
    ("us", "2022-08-31", "us-ibc-2021 us-nec-2020 us-ada-2010"),
    ("us", "2022-09-01", "us-ibc-2021 us-nec-2023 us-ada-2010"),
    ("us", "2020-12-31", "us-ibc-2018 us-nec-2020 us-ada-2010"),
    ("us", "2019-08-31", "us-ibc-2018 us-ada-2010"),
    ("us", "2017-12-31", "us-ada-2010"),
    ("us", "2012-03-15", "us-ada-2010"),
    ("us", "2012-03-14", ""),
    (
        "us/co",
        "2026-06-01",
        "us-ibc-2024 us-ibc-2024-more us-nec-2023 us-ada-2010",
    ),
    (
        "us/co/denver",
        "2023-06-01",
        "us-ibc-2021 us-nec-2023 us-ada-2010",
    ),
    (
        "US/CO/Denver",
        "2023-06-01",
        "us-ibc-2021 us-nec-2023 us-ada-2010",
    ),
    // An adoption chooses the edition, newer ones notwithstanding.
    (
        "us/ca",
        "2025-12-31",
        "us-ibc-2021 us-nec-2020 us-ada-2010 us-ca-nec-2022 us-ca-ibc-2022",
    ),
    (
        "us/ca",
        "2026-01-01",
        "us-ibc-2024 us-ibc-2024-more us-nec-2023 us-ada-2010 us-ca-nec-2025 us-ca-ibc-2025",
    ),
    (
        "us/ca",
        "2023-01-01",
        "us-ibc-2021 us-nec-2020 us-ada-2010 us-ca-nec-2022 us-ca-ibc-2022",
    ),
    ("us/ca", "2022-12-31", "us-ibc-2021 us-nec-2023 us-ada-2010"),
    (
        "us/ca/oakland",
        "2026-06-01",
        "us-ibc-2024 us-ibc-2024-more us-nec-2023 us-ada-2010 us-ca-nec-2025 us-ca-ibc-2025",
    ),
    // A city that stays with an older edition than its state.
    (
        "us/ca/san-francisco",
        "2025-06-01",
        "us-ibc-2021 us-nec-2020 us-ada-2010 us-ca-nec-2022 us-ca-ibc-2022 us-ca-sf",
    ),
    (
        "us/ca/San Francisco",
        "2026-06-01",
        "us-ibc-2021 us-nec-2023 us-ada-2010 us-ca-nec-2025 us-ca-sf",
    ),
    (
        "us/ca/marin/novato",
        "2026-06-01",
        "us-ibc-2024 us-ibc-2024-more us-nec-2023 us-ada-2010 us-ca-nec-2025 us-ca-ibc-2025 us-ca-marin",
    ),
    (
        "us/ca/marin/novato",
        "2023-03-01",
        "us-ibc-2021 us-nec-2020 us-ada-2010 us-ca-nec-2022 us-ca-ibc-2022",
    ),
    // A code of its own in the place of the country's.
    (
        "us/fl",
        "2024-06-01",
        "us-nec-2023 us-ada-2010 us-fl-bc-2023",
    ),
    (
        "us/fl/miami",
        "2023-12-31",
        "us-nec-2023 us-ada-2010 us-fl-bc-2023",
    ),
    (
        "us/fl/miami",
        "2023-12-30",
        "us-ibc-2021 us-nec-2023 us-ada-2010",
    ),
    (
        "us/ny",
        "2024-06-01",
        "us-ibc-2024 us-ibc-2024-more us-nec-2023 us-ada-2010",
    ),
    (
        "us/ny/new-york",
        "2024-06-01",
        "us-nec-2023 us-ada-2010 us-ny-nyc",
    ),
    (
        "us/ny/new york",
        "2022-11-06",
        "us-ibc-2021 us-nec-2023 us-ada-2010",
    ),
    (
        "us/ny/albany",
        "2024-06-01",
        "us-ibc-2024 us-ibc-2024-more us-nec-2023 us-ada-2010",
    ),
    (
        "us/il/chicago",
        "2026-06-01",
        "us-ibc-2018 us-nec-2023 us-ada-2010 us-il-chicago",
    ),
    (
        "us/il/chicago",
        "2019-11-30",
        "us-ibc-2018 us-nec-2020 us-ada-2010",
    ),
    (
        "us/il",
        "2026-06-01",
        "us-ibc-2024 us-ibc-2024-more us-nec-2023 us-ada-2010",
    ),
    (
        "us/tx/austin",
        "2024-06-01",
        "us-ibc-2024 us-ibc-2024-more us-nec-2023 us-ada-2010 us-tx-nec",
    ),
    ("us/tx", "2023-08-31", "us-ibc-2021 us-nec-2023 us-ada-2010"),
    // Elsewhere.
    ("de", "2026-06-01", "eu-en-1991 de-mbo de-din-18040"),
    ("de/by", "2026-06-01", "eu-en-1991 de-din-18040 de-by-baybo"),
    ("de/by/münchen", "2007-12-31", "eu-en-1991 de-mbo"),
    ("de/be", "2010-09-30", "eu-en-1991 de-mbo"),
    ("de", "2002-10-31", "eu-en-1991"),
    ("fr", "2026-06-01", "eu-en-1991"),
    ("es/md/madrid", "1990-01-01", "eu-en-1991"),
    ("gb/eng", "2026-06-01", "gb-eng-adk"),
    ("gb/eng/london", "2013-04-06", "gb-eng-adk"),
    ("gb/eng", "2013-04-05", ""),
    ("gb/sct", "2026-06-01", ""),
    ("au", "2022-09-30", "au-ncc-2019"),
    ("au", "2022-10-01", "au-ncc-2022"),
    ("au/vic", "2023-04-30", "au-ncc-2022"),
    (
        "au/vic/melbourne",
        "2023-05-01",
        "au-ncc-2022 au-vic-ncc-2022",
    ),
    ("au/nsw", "2024-01-01", "au-ncc-2022"),
    ("ch/zh", "2026-06-01", ""),
    ("jp", "2026-06-01", ""),
];

#[test]
fn the_table_of_places_and_dates() {
    assert!(TABLE.len() >= 40);
    let mut wrong = Vec::new();
    for (place, date, expected) in TABLE {
        let found = resolved(place, Some(date));
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        let mut modules: Vec<&str> = found.modules.iter().map(String::as_str).collect();
        expected.sort_unstable();
        modules.sort_unstable();
        if modules != expected {
            wrong.push(format!(
                "{place} {date}: {modules:?}, not {expected:?}\n{found:#?}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_is_told_what_became_of_it() {
    for (place, date, _) in TABLE {
        let found = resolved(place, Some(date));
        assert_eq!(found.choices.len(), manifests().len());
        for choice in &found.choices {
            assert_eq!(choice.applies, found.modules.contains(&choice.module));
            assert!(choice.why.len() > 10, "{choice:?}");
        }
        assert_eq!(found.modules.is_empty(), !found.nearest.is_empty());
    }
}

fn why(place: &str, date: &str, module: &str) -> String {
    let found = resolved(place, Some(date));
    let choice = found.choices.into_iter().find(|c| c.module == module);
    choice.unwrap().why
}

#[test]
fn the_reasons_name_what_decided() {
    for (place, date, module, part) in [
        (
            "us/ca",
            "2026-06-01",
            "us-nec-2023",
            "us/ca adopts NEC 2023 from 2026-01-01 (us-ca-nec-2025)",
        ),
        (
            "us/ca",
            "2025-06-01",
            "us-nec-2023",
            "another edition counts: us/ca adopts NEC 2020",
        ),
        (
            "us/co",
            "2026-06-01",
            "us-ibc-2021",
            "the edition 2024 counts, from 2024-01-01",
        ),
        (
            "us/fl",
            "2026-06-01",
            "us-ibc-2024",
            "us/fl has a code of its own in its place (us-fl-bc-2023)",
        ),
        (
            "us",
            "2023-06-01",
            "us-ibc-2024",
            "in force from 2024-01-01, after 2023-06-01",
        ),
        (
            "au",
            "2023-06-01",
            "au-ncc-2019",
            "in force until 2022-10-01, not on 2023-06-01",
        ),
        (
            "us/co",
            "2026-06-01",
            "de-mbo",
            "it holds in de, not in us/co",
        ),
        (
            "us/ca/san-francisco",
            "2026-06-01",
            "us-ca-ibc-2025",
            "it changes us-ibc-2024, which does not apply there",
        ),
    ] {
        let said = why(place, date, module);
        assert!(said.contains(part), "{module} at {place} on {date}: {said}");
    }
}

#[test]
fn what_changes_comes_after_what_is_changed() {
    let found = resolved("us/ca/san-francisco", Some("2025-06-01"));
    let at = |id: &str| found.modules.iter().position(|m| m == id).unwrap();
    assert!(at("us-ibc-2021") < at("us-ca-ibc-2022"));
    assert!(at("us-ca-ibc-2022") < at("us-ca-sf"));
}

#[test]
fn where_nothing_applies_the_nearest_is_offered() {
    assert_eq!(resolved("gb/sct", None).nearest[0], "gb/eng");
    let near = resolved("jp", None).nearest;
    assert!(
        near.iter().any(|place| place == "us") && near.len() <= 5,
        "{near:?}"
    );
    assert_eq!(resolved("dee", None).nearest[0], "de");
}

#[test]
fn the_order_of_modules_does_not_matter() {
    for (place, date, _) in TABLE {
        let forward = resolved(place, Some(date));
        let manifests = manifests();
        let backward: Vec<&Manifest> = manifests.iter().rev().collect();
        let backward = resolve(&backward, &place.parse().unwrap(), Some(date));
        let sorted = |mut modules: Vec<String>| {
            modules.sort();
            modules
        };
        assert_eq!(
            sorted(forward.modules),
            sorted(backward.modules),
            "{place} {date}"
        );
    }
}

#[test]
fn dates_are_dates() {
    for good in ["2026-03-01", "1999-12-31"] {
        assert!(is_date(good), "{good}");
    }
    for bad in [
        "",
        "2026-3-1",
        "01.03.2026",
        "2026-13-01",
        "2026-00-10",
        "2026-01-32",
        "2026-03-01T00",
        "２０２６-03-01",
        "2026/03/01",
    ] {
        assert!(!is_date(bad), "{bad}");
    }
}
