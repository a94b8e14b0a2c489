//! What amendments change of other modules, and what they may not.

use plancheck_contract::manifest::{
    Cell, ModuleInfo, Parameter, Rule, Severity, Stage, Stricter, View,
};
use plancheck_contract::{AmendedCell, Amends, Manifest, Policy, VERSION};
use plancheck_engine::rules::amend::Amended;
use plancheck_engine::rules::{ModuleSlot, Ruleset};

fn base() -> Manifest {
    let rule = |id: &str| Rule {
        id: id.to_owned(),
        title: id.to_owned(),
        citation: "Code §1".to_owned(),
        severity: Severity::Error,
        category: "general".to_owned(),
        view: 0,
        messages: Vec::new(),
        page: String::new(),
        since: "0.1.0".to_owned(),
        stage: Stage::Stable,
        verified: false,
    };
    let cell = |key: &str, value| Cell {
        key: key.to_owned(),
        value: Some(value),
    };
    let parameter = |name: &str, unit: &str, cells| Parameter {
        name: name.to_owned(),
        title: name.to_owned(),
        unit: unit.to_owned(),
        cells,
        citation: "Code §1".to_owned(),
        stricter: None,
    };
    Manifest {
        contract: VERSION.to_owned(),
        module: ModuleInfo {
            id: "us-base".to_owned(),
            ..ModuleInfo::default()
        },
        parameters: vec![
            parameter("door_width", "in", vec![cell("", 32.0)]),
            parameter(
                "load",
                "ft²/person",
                vec![cell("office", 150.0), cell("storage", 300.0)],
            ),
        ],
        views: vec![View {
            name: "door".to_owned(),
            subject: "door".to_owned(),
            ..View::default()
        }],
        rules: vec![
            rule("door-width"),
            rule("guard-height"),
            rule("door-height"),
        ],
        ..Manifest::default()
    }
}

fn amendment(
    id: &str,
    parameters: &[(&str, &str, Option<f64>, &str)],
    disable: &[&str],
) -> Manifest {
    let mut manifest = Manifest {
        contract: VERSION.to_owned(),
        amends: Some(Amends {
            module: "us-base".to_owned(),
            policy: Policy::Replace,
            parameters: parameters
                .iter()
                .map(|(name, key, value, unit)| AmendedCell {
                    name: (*name).to_owned(),
                    key: (*key).to_owned(),
                    value: *value,
                    unit: (*unit).to_owned(),
                    citation: format!("{id} §9"),
                })
                .collect(),
            disable: disable.iter().map(|id| (*id).to_owned()).collect(),
        }),
        ..Manifest::default()
    };
    manifest.module.id = id.to_owned();
    manifest
}

fn ruleset(manifests: &[Manifest]) -> Ruleset {
    let slot = |manifest: &Manifest| ModuleSlot::Ready {
        manifest: manifest.to_json(),
        digest: "00".to_owned(),
    };
    Ruleset::new(manifests.iter().map(slot).collect())
}

fn rules(ruleset: &Ruleset) -> Vec<String> {
    (0..ruleset.rules.len())
        .filter_map(|at| ruleset.rule(at).map(|(_, rule)| rule.id.clone()))
        .collect()
}

#[test]
fn numbers_and_rules_are_changed_in_the_order_of_modules() {
    let plain = ruleset(&[base()]);
    assert_eq!(plain.modules[0].parameters, [32.0, 150.0, 300.0]);
    assert_eq!(rules(&plain), ["door-width", "guard-height", "door-height"]);
    let state = amendment(
        "us-ca",
        &[
            ("door_width", "", Some(36.0), "in"),
            ("load", "OFFICE", Some(100.0), "ft²/person"),
        ],
        &["guard-height"],
    );
    let city = amendment(
        "us-ca-city",
        &[
            ("door_width", "", Some(0.9), "m"),
            ("load", "storage", None, ""),
        ],
        &[],
    );
    let changed = ruleset(&[base(), state, city]);
    assert!(
        changed.modules.iter().all(|m| m.problem.is_none()),
        "{:?}",
        changed.modules
    );
    let parameters = &changed.modules[0].parameters;
    assert!(
        (parameters[0] - 0.9 / 0.0254).abs() < 1e-9,
        "{parameters:?}"
    );
    assert_eq!(parameters[1], 100.0);
    assert!(parameters[2].is_nan());
    assert_eq!(rules(&changed), ["door-width", "door-height"]);
    assert_ne!(plain.digest, changed.digest);
    assert_eq!(changed.amended.len(), 5);
    assert!(changed.amended.iter().any(
        |change| matches!(change, Amended::Parameter { by, from: Some(from), .. }
        if by == "us-ca-city" && *from == 36.0)
    ));
    // The rules that are left are asked under their own numbers.
    assert_eq!(
        changed.rules.iter().map(|r| r.index).collect::<Vec<_>>(),
        [0, 2]
    );
}

#[test]
fn a_disabled_rule_alone_changes_the_digest() {
    let off = ruleset(&[base(), amendment("us-ca", &[], &["guard-height"])]);
    let other = ruleset(&[base(), amendment("us-ca", &[], &["door-width"])]);
    assert_ne!(off.digest, other.digest);
}

#[test]
fn an_amendment_that_does_not_fit_is_said_and_changes_nothing() {
    for (amendment, code, part) in [
        (
            amendment("us-ca", &[("door_widht", "", Some(36.0), "in")], &[]),
            "bad-amendment",
            "did you mean \"door_width\"?",
        ),
        (
            amendment("us-ca", &[("load", "ofice", Some(36.0), "ft²/person")], &[]),
            "bad-amendment",
            "did you mean \"office\"?",
        ),
        (
            amendment("us-ca", &[("door_width", "", Some(36.0), "ft²")], &[]),
            "bad-amendment",
            "is in in, not in ft²",
        ),
        (
            amendment("us-ca", &[], &["guard-hight"]),
            "bad-amendment",
            "did you mean \"guard-height\"?",
        ),
    ] {
        let found = ruleset(&[base(), amendment]);
        assert_eq!(found.modules[0].parameters, [32.0, 150.0, 300.0]);
        let problem = found.modules[1].problem.clone().unwrap();
        assert_eq!(problem.code, code);
        assert!(problem.message.contains(part), "{}", problem.message);
        assert!(found.amended.is_empty());
    }
    let alone = ruleset(&[amendment("us-ca", &[], &[])]);
    assert_eq!(
        alone.modules[0].problem.as_ref().unwrap().code,
        "nothing-to-amend"
    );
}

#[test]
fn a_rule_is_switched_off_by_the_id_that_it_had() {
    let mut renamed = base();
    renamed.redirects = vec![plancheck_contract::Redirect {
        from: "rail-height".to_owned(),
        to: "guard-height".to_owned(),
    }];
    let off = ruleset(&[renamed, amendment("us-ca", &[], &["rail-height"])]);
    assert_eq!(rules(&off), ["door-width", "door-height"]);
    assert!(matches!(
        off.amended.as_slice(),
        [Amended::Disabled { rule, .. }] if rule == "guard-height"
    ));
}

fn directed(stricter: Option<Stricter>) -> Manifest {
    let mut base = base();
    base.parameters[0].stricter = stricter;
    base
}

fn most_restrictive(mut amendment: Manifest) -> Manifest {
    amendment.amends.as_mut().unwrap().policy = Policy::MostRestrictive;
    amendment
}

#[test]
fn of_two_numbers_the_stricter_one_counts() {
    let inches = |value| amendment("us-ca", &[("door_width", "", value, "in")], &[]);
    for (direction, value, wanted) in [
        (Stricter::Larger, Some(36.0), 36.0),
        (Stricter::Larger, Some(30.0), 32.0),
        (Stricter::Smaller, Some(36.0), 32.0),
        (Stricter::Smaller, Some(30.0), 30.0),
        (Stricter::Larger, None, f64::NAN),
    ] {
        let found = ruleset(&[directed(Some(direction)), most_restrictive(inches(value))]);
        let number = found.modules[0].parameters[0];
        assert_eq!(
            number.to_bits(),
            wanted.to_bits(),
            "{direction:?} {value:?}"
        );
        assert!(found.modules[1].problem.is_none());
        assert!(matches!(
            found.amended.as_slice(),
            [Amended::Parameter { from: Some(from), .. }] if *from == 32.0
        ));
    }
    // In metres; 0.9 m is more than 32 in.
    let metres = amendment("us-ca", &[("door_width", "", Some(0.9), "m")], &[]);
    let found = ruleset(&[directed(Some(Stricter::Larger)), most_restrictive(metres)]);
    assert!((found.modules[0].parameters[0] - 35.433).abs() < 0.001);
}

#[test]
fn two_amendments_of_one_number_leave_the_strictest() {
    let of =
        |id, value| most_restrictive(amendment(id, &[("door_width", "", Some(value), "in")], &[]));
    let found = ruleset(&[
        directed(Some(Stricter::Larger)),
        of("us-ca", 36.0),
        of("us-ca-city", 34.0),
    ]);
    assert_eq!(found.modules[0].parameters[0], 36.0);
}

#[test]
fn which_number_is_stricter_is_not_guessed() {
    let amendment = amendment("us-ca", &[("door_width", "", Some(36.0), "in")], &[]);
    let found = ruleset(&[directed(None), most_restrictive(amendment)]);
    assert_eq!(found.modules[0].parameters[0], 32.0);
    let problem = found.modules[1].problem.as_ref().unwrap();
    assert_eq!(problem.code, "policy-not-supported");
    assert!(
        problem.message.contains("\"door_width\""),
        "{}",
        problem.message
    );
}

#[test]
fn an_amendment_that_cannot_be_used_changes_nothing() {
    let change = || {
        amendment(
            "us-ca",
            &[("door_width", "", Some(36.0), "in")],
            &["guard-height"],
        )
    };
    let mut broken = change();
    broken.views = vec![View {
        name: "view".to_owned(),
        subject: "unicorn".to_owned(),
        ..View::default()
    }];
    let found = ruleset(&[base(), broken]);
    assert_eq!(found.modules[0].parameters[0], 32.0);
    assert_eq!(rules(&found).len(), 3);
    assert_eq!(
        found.modules[1].problem.as_ref().unwrap().code,
        "bad-manifest"
    );
    assert!(found.amended.is_empty());
    // Of two of the same id the first one counts, alone.
    let mut second = change();
    second.amends.as_mut().unwrap().parameters[0].value = Some(40.0);
    let found = ruleset(&[base(), change(), second]);
    assert_eq!(found.modules[0].parameters[0], 36.0);
    assert_eq!(found.amended.len(), 2);
}
