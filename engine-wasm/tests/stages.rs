//! The life cycle of rules: which run, and what that does to the digest of a ruleset.

use plancheck_contract::manifest::{ModuleInfo, Rule, Severity, Stage, View};
use plancheck_contract::{Manifest, Redirect, Section, VERSION};
use plancheck_engine::rules::{ModuleSlot, Ruleset, Session};

fn manifest() -> Manifest {
    let rule = |id: &str, stage| Rule {
        id: id.to_owned(),
        title: id.to_owned(),
        citation: "Code §1".to_owned(),
        severity: Severity::Error,
        category: "general".to_owned(),
        view: 0,
        messages: Vec::new(),
        page: String::new(),
        since: "0.1.0".to_owned(),
        stage,
        verified: false,
    };
    Manifest {
        contract: VERSION.to_owned(),
        module: ModuleInfo {
            id: "us-stages".to_owned(),
            ..ModuleInfo::default()
        },
        views: vec![View {
            name: "door".to_owned(),
            subject: "door".to_owned(),
            ..View::default()
        }],
        rules: vec![
            rule("retired", Stage::Retired),
            rule("stable", Stage::Stable),
            rule("preview", Stage::Preview),
        ],
        sections: vec![Section {
            citation: "Code §1".to_owned(),
            title: "Doors".to_owned(),
            link: "https://example.org/1".to_owned(),
        }],
        redirects: vec![Redirect {
            from: "old".to_owned(),
            to: "stable".to_owned(),
        }],
        ..Manifest::default()
    }
}

fn slot(preview: bool) -> ModuleSlot {
    let ready = ModuleSlot::Ready {
        manifest: manifest().to_json(),
        digest: "00".to_owned(),
    };
    if preview {
        ModuleSlot::Preview(Box::new(ready))
    } else {
        ready
    }
}

fn rules(ruleset: &Ruleset) -> Vec<&str> {
    let rules = 0..ruleset.rules.len();
    rules
        .filter_map(|at| ruleset.rule(at).map(|(_, rule)| rule.id.as_str()))
        .collect()
}

#[test]
fn rules_in_preview_run_where_they_are_asked_for_and_retired_ones_never() {
    let (plain, preview) = (
        Ruleset::new(vec![slot(false)]),
        Ruleset::new(vec![slot(true)]),
    );
    assert_eq!(rules(&plain), ["stable"]);
    assert_eq!(rules(&preview), ["stable", "preview"]);
    assert_ne!(plain.digest, preview.digest);
}

#[test]
fn both_are_read_from_what_hosts_and_pages_write() {
    let ready = serde_json::json!({
        "ready": { "manifest": manifest().to_json(), "digest": "00" }
    });
    let preview = serde_json::json!({ "preview": ready });
    for (slot, count) in [(ready, 1), (preview, 2)] {
        let slots: Vec<ModuleSlot> = serde_json::from_value(serde_json::json!([slot])).unwrap();
        assert_eq!(Ruleset::new(slots).rules.len(), count);
    }
}

#[test]
fn a_report_names_stage_section_and_link() {
    let model = br#"{"building_id": "b", "objects": []}"#.to_vec();
    let mut session = Session::load(model).unwrap();
    session.use_modules(vec![slot(true)]);
    assert!(session.next_call().is_none(), "there are no doors");
    let report = session.report().unwrap().to_json();
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let rules = report["rules"].as_array().unwrap();
    let stages: Vec<&serde_json::Value> = rules.iter().map(|rule| &rule["stage"]).collect();
    assert_eq!(stages, ["stable", "preview"]);
    for rule in rules {
        assert_eq!(rule["section"], "Doors");
        assert_eq!(rule["link"], "https://example.org/1");
    }
}

#[test]
fn a_link_that_is_no_address_of_the_web_refuses_the_manifest() {
    for link in ["javascript:alert(1)", "http://example.org", "example.org"] {
        let mut bad = manifest();
        bad.sections[0].link = link.to_owned();
        let error = Manifest::from_json(&bad.to_json()).unwrap_err();
        assert!(error.to_string().contains("is not https"), "{error}");
    }
}

#[test]
fn lists_of_another_length_refuse_the_manifest() {
    let json = manifest().to_json();
    for (good, bad) in [
        (r#"["old","stable"]"#, r#"["old"]"#),
        (r#""Doors","https://example.org/1"]"#, r#""Doors"]"#),
    ] {
        assert!(json.contains(good), "{json}");
        assert!(
            Manifest::from_json(&json.replace(good, bad)).is_err(),
            "{bad}"
        );
    }
}

#[test]
fn a_manifest_of_before_has_neither() {
    let plain = Manifest {
        sections: Vec::new(),
        redirects: Vec::new(),
        ..manifest()
    };
    let json = plain.to_json();
    assert!(!json.contains("sections") && !json.contains("redirects"));
    assert_eq!(Manifest::from_json(&json), Ok(plain));
}
