//! Promise: what a model says of its place is understood as people write it, what exporters write by
//! themselves is not believed, and nothing is guessed.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test")]

use plancheck_engine::model::Model;
use plancheck_host::place::{Stated, stated};

/// An IFC model with these attributes of its site and building, and one address, record 9.
fn ifc(position: &str, address: &str) -> String {
    format!(
        "ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n\
         FILE_SCHEMA(('IFC4'));\nENDSEC;\nDATA;\n\
         #1=IFCSITE('0Site_________________',$,'Site',$,$,$,$,$,.ELEMENT.,{position},$,$,$);\n\
         #2=IFCBUILDING('0Building_____________',$,'B',$,$,$,$,$,.ELEMENT.,$,$,#9);\n\
         #9=IFCPOSTALADDRESS($,$,$,$,{address});\n\
         ENDSEC;\nEND-ISO-10303-21;\n"
    )
}

fn of(model: &str) -> Stated {
    stated(&Model::load(model.as_bytes().to_vec()).unwrap().location())
}

fn place(model: &str) -> String {
    let found = of(model);
    found.place.map_or_else(
        || format!("none: {}", found.notes.join("; ")),
        |p| p.to_string(),
    )
}

/// Revit's own site, as two of its releases write it.
const BOSTON: [&str; 2] = [
    "(42,21,31,181945),(-71,-3,-24,-263305)",
    "(42,21,30,344238),(-71,-3,-35,-194702)",
];
const NOWHERE: &str = "$,$";
/// Lines, post box, town, region, postal code, country.
const NOTHING: &str = "$,$,$,$,$,$";

#[test]
fn places_as_people_write_them() {
    let cases = [
        // town, region, postal code, country
        ("'Denver','CO','80202','US'", "us/co/denver"),
        ("'Denver','Colorado','80202','USA'", "us/co/denver"),
        ("'DENVER','co','','United States'", "us/co/denver"),
        (
            "'San Francisco','California','','United States of America'",
            "us/ca/san-francisco",
        ),
        ("'San Francisco','CA',$,'U.S.A.'", "us/ca/san-francisco"),
        ("'New York, NY',$,$,'USA'", "us/ny/new-york"),
        ("'New York, NY 10001',$,$,$", "us/ny/new-york"),
        ("'New York City','New York',$,'us'", "us/ny/new-york"),
        ("'NYC',$,$,'usa'", "us/ny/new-york"),
        ("'Chicago',$,$,'USA'", "us/il/chicago"),
        ("'Chicago','Illinois',$,$", "us/il/chicago"),
        ("'Austin','TX','78701','United States'", "us/tx/austin"),
        ("'Seattle','Washington',$,'US'", "us/wa/seattle"),
        ("'Washington','DC',$,'US'", "us/dc/washington"),
        ("'München','Bayern','80331','Deutschland'", "de/by/münchen"),
        (
            "'M\\X2\\00FC\\X0\\nchen',$,'80331','Germany'",
            "de/by/münchen",
        ),
        ("'Nürnberg','Bavaria',$,'DEU'", "de/by/nürnberg"),
        ("'Berlin',$,$,'DE'", "de/be/berlin"),
        ("'Frankfurt',$,$,'Bundesrepublik Deutschland'", "de"),
        ("'Karlsruhe','Baden-Württemberg',$,$", "de/bw/karlsruhe"),
        ("'London','England',$,'UK'", "gb/eng/london"),
        ("'Westminster','London',$,'UK'", "gb/eng/westminster"),
        ("'Leeds',$,$,'England'", "gb/eng/leeds"),
        (
            "'Edinburgh','Scotland',$,'Great Britain'",
            "gb/sct/edinburgh",
        ),
        ("'Cardiff',$,$,'Wales'", "gb/wls/cardiff"),
        ("'Sydney','NSW','2000','Australia'", "au/nsw/sydney"),
        ("'Melbourne','Victoria','3000','AUS'", "au/vic/melbourne"),
        ("'Melbourne',$,$,'au'", "au/vic/melbourne"),
        ("'Toronto','ON',$,'Canada'", "ca/on/toronto"),
        ("'Montréal','Québec',$,'CA'", "ca/qc/montréal"),
        ("'Zürich',$,$,'Schweiz'", "ch/zh/zürich"),
        ("'Zurich','ZH',$,'Switzerland'", "ch/zh/zurich"),
        ("'Genève','Genève',$,'Suisse'", "ch/ge/genève"),
        ("'Madrid',$,$,'España'", "es"),
        ("'Singapore',$,$,'Singapore'", "sg"),
        ("'Oslo',$,$,'Norge'", "no"),
        ("'Nijmegen',$,$,'The Netherlands'", "nl"),
        ("'Paris',$,$,'FRA'", "fr"),
        ("$,'Deutschland',$,$", "de"),
    ];
    for (address, wanted) in cases {
        let found = place(&ifc(NOWHERE, &format!("$,$,{address}")));
        assert_eq!(found, wanted, "{address}");
    }
}

#[test]
fn the_last_line_of_an_address_counts_where_nothing_else_is_stated() {
    let lines = |lines: &str| place(&ifc(NOWHERE, &format!("({lines}),$,$,$,$,$")));
    assert_eq!(lines("'1850 Plancheck Way','Denver, CO 80202'"), "us/co");
    assert_eq!(lines("'Hauptstraße 1','80331 München, Deutschland'"), "de");
    // A street is no country.
    assert!(lines("'Georgia','France Street 3'").starts_with("none"));
}

#[test]
fn each_part_says_where_it_was_read() {
    let found = of(&ifc(NOWHERE, "$,$,'Denver','CO','80202','US'"));
    let read: Vec<(Option<u64>, &str, &str, &str)> = found
        .read
        .iter()
        .map(|r| {
            (
                r.record,
                r.attribute.as_str(),
                r.value.as_str(),
                r.means.as_str(),
            )
        })
        .collect();
    assert_eq!(
        read,
        [
            (Some(9), "BuildingAddress.Country", "US", "us"),
            (Some(9), "BuildingAddress.Region", "CO", "co"),
            (Some(9), "BuildingAddress.Town", "Denver", "denver"),
        ]
    );
    assert!(found.notes.is_empty());
}

#[test]
fn what_revit_writes_by_itself_is_not_stated() {
    let own = "('Enter address here'),$,'','Boston','','MA'";
    for position in BOSTON.into_iter().chain([NOWHERE]) {
        let found = of(&ifc(position, own));
        assert_eq!(found.place, None, "{position}");
        assert!(
            found.notes.iter().any(|n| n.contains("Enter address here")),
            "{:?}",
            found.notes
        );
    }
    for lines in ["'Enter address here\\X\\0D\\X\\0AAddress Line 2'", "''"] {
        assert!(
            place(&ifc(BOSTON[0], &format!("({lines}),$,'','Boston','','MA'"))).starts_with("none")
        );
    }
    for (position, part) in [
        (BOSTON[0], "exporter writes by itself"),
        ("(0,0,0),(0,0,0)", "nobody stated one"),
        ("(0,0,0,0),(0,0,0,0)", "nobody stated one"),
        ("(95,0,0),(10,0,0)", "none on Earth"),
    ] {
        let found = of(&ifc(position, NOTHING));
        assert_eq!(found.place, None, "{position}");
        assert!(found.notes[0].contains(part), "{:?}", found.notes);
    }
}

#[test]
fn what_somebody_changed_of_the_default_is_believed() {
    // Another town under the placeholder of a street.
    let chicago = "('Enter address here'),$,'Chicago','','','IL'";
    assert_eq!(
        place(&ifc("(41,52,27,840000),(-87,-38,-21,-839999)", chicago)),
        "us/il/chicago"
    );
    // A street in Boston.
    let street = "('1 City Hall Square'),$,'','Boston','','MA'";
    let found = of(&ifc(BOSTON[0], street));
    assert_eq!(found.place.unwrap().to_string(), "us/ma/boston");
    assert!(
        found.notes.iter().any(|n| n.contains("not for Morocco")),
        "{:?}",
        found.notes
    );
}

#[test]
fn placeholders_are_not_stated() {
    for text in [
        "",
        "<Default>",
        "<default>",
        "Enter address here",
        "Unknown",
        "N/A",
        "-",
        "?",
        "   ",
    ] {
        let found = of(&ifc(
            NOWHERE,
            &format!("('{text}'),$,'{text}','{text}','{text}','{text}'"),
        ));
        assert_eq!(found.place, None, "{text}");
    }
}

#[test]
fn two_letters_may_be_a_state_or_a_country() {
    let at = |position: &str, address: &str| place(&ifc(position, &format!("$,$,{address}")));
    let london = "(51,30,0),(0,-7,-34)";
    let delaware = "(39,44,0),(-75,-33,0)";
    let berlin = "(52,31,0),(13,24,0)";
    assert_eq!(at(berlin, "'Berlin',$,$,'DE'"), "de/be/berlin");
    assert_eq!(at(delaware, "'Wilmington',$,$,'DE'"), "us/de/wilmington");
    assert_eq!(at(NOWHERE, "'Toronto','Ontario',$,'CA'"), "ca/on/toronto");
    assert_eq!(at(NOWHERE, "'Los Angeles',$,$,'CA'"), "us/ca/los-angeles");
    // Nothing else is stated: what stands in Country is a country.
    assert_eq!(at(NOWHERE, "'X Town',$,$,'IL'"), "il");
    assert_eq!(at(NOWHERE, "'Atlanta','Georgia',$,'USA'"), "us/ga/atlanta");
    assert_eq!(at(NOWHERE, "'Tbilisi',$,$,'Georgia'"), "ge");
    // A state that two countries have, and nothing that says which.
    assert!(at(NOWHERE, "'Somewhere','WA',$,$").starts_with("none"));
    assert_eq!(
        at("(47,36,0),(-122,-19,0)", "'Somewhere','WA',$,$"),
        "us/wa/somewhere"
    );
    assert_eq!(
        at("(-31,-57,0),(115,51,0)", "'Perth','WA',$,$"),
        "au/wa/perth"
    );
    assert_eq!(at(london, "$,$,$,'Atlantis'"), "gb");
}

#[test]
fn a_position_says_the_country_where_one_box_holds_it() {
    let at = |position: &str| of(&ifc(position, NOTHING));
    for (position, wanted) in [
        ("(39,44,57,0),(-104,-59,-38,0)", "us"),
        ("(52,31,0),(13,24,0)", "de"),
        ("(51,30,0,549316),(0,-7,-34,-450321)", "gb"),
        ("(-33,-52,0),(151,12,0)", "au"),
        ("(40,25,0),(-3,-42,0)", "es"),
        ("(39,54,57,601318),(116,25,58,795166)", "cn"),
    ] {
        let found = at(position);
        assert_eq!(found.place.unwrap().to_string(), wanted, "{position}");
        assert_eq!(found.read.len(), 2);
        assert_eq!(
            (found.read[0].record, found.read[0].attribute.as_str()),
            (Some(1), "RefLatitude")
        );
    }
    // Karlsruhe lies in the box of France too.
    let found = at("(49,6,1,566000),(8,26,11,540400)");
    assert_eq!(found.place, None);
    assert!(
        found.notes[0].contains("de (Germany) or fr (France)"),
        "{:?}",
        found.notes
    );
    // The middle of the Atlantic.
    assert!(at("(30,0,0),(-45,0,0)").notes[0].contains("no country's box"));
}

#[test]
fn an_address_counts_before_the_position() {
    let found = of(&ifc("(48,8,0),(11,34,0)", "$,$,'Denver','CO','80202','US'"));
    assert_eq!(found.place.unwrap().to_string(), "us/co/denver");
    assert!(
        found.notes[0].contains("the address counts"),
        "{:?}",
        found.notes
    );
    let agrees = of(&ifc(
        "(39,44,57,0),(-104,-59,-38,0)",
        "$,$,'Denver','CO','80202','US'",
    ));
    assert!(agrees.notes.is_empty());
}

#[test]
fn of_several_addresses_the_first_counts_and_the_others_are_said() {
    let two = ifc(NOWHERE, "$,$,'Denver','CO',$,'US'").replace(
        "#9=",
        "#3=IFCBUILDING('0Building2____________',$,'C',$,$,$,$,$,.ELEMENT.,$,$,#10);\n\
         #10=IFCPOSTALADDRESS($,$,$,$,$,$,'Boulder','CO',$,'US');\n#9=",
    );
    let found = of(&two);
    assert_eq!(found.place.unwrap().to_string(), "us/co/denver");
    assert_eq!(
        found.notes,
        ["BuildingAddress #10 says us/co/boulder: the first address counts"]
    );
    // That of the site, where the building has none.
    let site = ifc(NOWHERE, "$,$,'Madrid',$,$,'Spain'")
        .replace("$,$,$);\n#2", "$,$,#9);\n#2")
        .replace("$,$,#9);\n#9", "$,$,$);\n#9");
    let found = of(&site);
    assert_eq!(found.read[0].attribute, "SiteAddress.Country");
}

#[test]
fn json_says_it_in_its_metadata() {
    let model = |location: &str| {
        format!(r#"{{"building_id": "b", "metadata": {{"location": {location}}}, "objects": []}}"#)
    };
    let at = |location: &str| place(&model(location));
    assert_eq!(
        at(r#"{"country": "us", "state": "ca", "city": "San Francisco"}"#),
        "us/ca/san-francisco"
    );
    assert_eq!(
        at(r#"{"country": "USA", "state": "California", "county": "Marin", "city": "Novato"}"#),
        "us/ca/marin/novato"
    );
    assert_eq!(at(r#"{"latitude": 52.5, "longitude": 13.4}"#), "de");
    assert!(at(r#"{"latitude": 0, "longitude": 0}"#).starts_with("none"));
    let read = of(&model(r#"{"country": "us", "state": "ca"}"#)).read;
    assert_eq!(read[1].attribute, "metadata.location.state");
    assert_eq!(read[1].record, None);
    for location in [
        "null",
        "[]",
        "3",
        r#"{"country": 3, "city": {}, "latitude": "x"}"#,
    ] {
        assert_eq!(of(&model(location)).place, None, "{location}");
    }
    // Also beside a building that was given as an object.
    let own = r#"{"metadata": {"location": {"country": "de"}}, "objects": [{"object_id": "b", "object_type": "building"}]}"#;
    assert_eq!(place(own), "de");
}

#[test]
fn hostile_texts_do_no_harm() {
    let long = "ä".repeat(100_000);
    let commas = ",".repeat(10_000);
    for text in [
        long.as_str(),
        &commas,
        "us//x",
        "../..",
        "\\X2\\D800\\X0\\",
        "a\\X\\00b",
        "us/ca",
    ] {
        for address in [
            format!("('{text}'),$,'{text}','{text}','{text}','{text}'"),
            format!("$,$,'{text}','CO',$,'US'"),
        ] {
            let found = of(&ifc("(1,2,3),(4,5,6)", &address));
            if let Some(place) = &found.place {
                let written = place.to_string();
                assert!(written.len() < 300, "{written}");
                assert_eq!(written.parse(), Ok(place.clone()));
            }
            assert!(found.notes.iter().all(|note| note.chars().count() < 1000));
        }
    }
    // Records of other kinds, circles, missing ones.
    for broken in ["#9=IFCSITE", "#9=IFCTELECOMADDRESS", "#8=IFCPOSTALADDRESS"] {
        let model = ifc(NOWHERE, NOTHING).replace("#9=IFCPOSTALADDRESS", broken);
        assert_eq!(of(&model).place, None);
    }
    for position in [
        "(),()",
        "(1.5),(2.5)",
        "($),($)",
        "(1,2,3),$",
        "#1,#2",
        "(9223372036854775807,1,1,1),(1,1,1,1)",
    ] {
        assert_eq!(of(&ifc(position, NOTHING)).read.len(), 0, "{position}");
    }
}

/// With the shared models: what each says, for whoever reads the output.
#[test]
fn what_real_models_say() {
    let Some(shared) = plancheck_tests::shared::shared("what_real_models_say") else {
        return;
    };
    let mut models: Vec<_> = std::fs::read_dir(shared.join("data/ifc"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "ifc"))
        .collect();
    models.sort();
    let mut boston = 0;
    for path in models {
        let model = Model::load(std::fs::read(&path).unwrap()).unwrap();
        let location = model.location();
        let found = stated(&location);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let said = found
            .place
            .as_ref()
            .map_or("none".to_owned(), ToString::to_string);
        println!("{name}: {said}; {}", found.notes.join("; "));
        let default = |a: &plancheck_engine::model::location::Address| {
            a.region == "Boston" && a.lines.iter().all(|l| l.starts_with("Enter address here"))
        };
        if location.addresses.iter().any(default) {
            boston += 1;
            assert_eq!(found.place, None, "{name}");
        }
    }
    assert!(
        boston > 0,
        "no model of the shared data has the address that Revit writes"
    );
}
