//! Promise: asking several modules at once gives the report of asking them one by one, byte for
//! byte, also where modules fail, and after edits.

#![allow(clippy::unwrap_used, reason = "a test")]

use std::collections::VecDeque;

use plancheck_contract::Verdicts;
use plancheck_engine::rules::{Answer, Call, Edit, Problem, Question, ReplyError, Session};
use plancheck_tests::native::{self, NativeModule};
use plancheck_tests::shared::root;
use serde_json::json;

/// What modules do instead of answering; none: they answer.
type Fails = fn(&Call) -> Option<Answer>;

fn problem(code: &str) -> Option<Answer> {
    Some(Answer::Failure(Problem {
        code: code.to_owned(),
        message: "as the test has it".to_owned(),
    }))
}

/// All that may befall a question, by the position of the module: 0 is the ADA, 1 the IBC.
const FAILURES: &[(&str, Fails)] = &[
    ("nothing", |_| None),
    ("one module is always late", |call| match call.module {
        0 => problem("deadline"),
        _ => None,
    }),
    ("the other is late where it judges", |call| {
        match (call.module, &call.question) {
            (1, Question::Evaluate(_)) => problem("deadline"),
            _ => None,
        }
    }),
    ("derived facts trap", |call| match &call.question {
        Question::Derive(_) => problem("trap"),
        Question::Evaluate(_) => None,
    }),
    ("one rule traps", |call| match &call.question {
        Question::Evaluate(rules) if call.module == 1 && rules.contains(&1) => problem("trap"),
        _ => None,
    }),
    ("one view gets nonsense", |call| {
        let nonsense = Verdicts {
            rule: vec![77],
            ..Verdicts::default()
        };
        (call.module == 1 && call.batch.view == 0).then_some(Answer::Verdicts(nonsense))
    }),
];

fn answer(modules: &[NativeModule], call: &Call, fails: Fails) -> Answer {
    let module = &modules.get(call.module).unwrap().native;
    fails(call).unwrap_or_else(|| match &call.question {
        Question::Derive(facts) => Answer::Columns((module.derive)(facts, &call.batch)),
        Question::Evaluate(rules) => Answer::Verdicts((module.evaluate)(rules, &call.batch)),
    })
}

/// Asks one by one.
fn alone(session: &mut Session, modules: &[NativeModule], fails: Fails) {
    while let Some(call) = session.next_call() {
        let answer = answer(modules, &call, fails);
        session.reply(call.id, answer).unwrap();
    }
}

/// Asks whatever can be asked. Returns how many questions were open at once, at the most.
fn together(session: &mut Session, modules: &[NativeModule], fails: Fails) -> usize {
    let mut open = VecDeque::new();
    let mut most = 0;
    let mut call = session.next_call();
    loop {
        while let Some(asked) = call {
            open.push_back(asked);
            call = session.further_call();
        }
        most = most.max(open.len());
        let Some(first) = open.pop_front() else {
            return most;
        };
        let answer = answer(modules, &first, fails);
        if session.is_open(first.id) {
            session.reply(first.id, answer).unwrap();
        } else {
            let refused = session.reply(first.id, answer);
            assert_eq!(refused, Err(ReplyError::NotOpen(first.id)));
        }
        call = session.further_call();
    }
}

fn opened(modules: &[NativeModule]) -> Session {
    let mut session =
        Session::load(std::fs::read(root().join("demo/office.ifc")).unwrap()).unwrap();
    session.use_modules(native::slots(modules));
    session
}

/// Edits of a door, a room and a storey of the demo.
fn edits(session: &Session) -> Vec<Edit> {
    let model = session.model();
    let first = |class: &str| {
        let all = model.of_class(class);
        model.global_id(*all.first().unwrap()).into_owned()
    };
    let edits = json!([
        {"op": "set_attribute", "element": first("IfcDoor"), "name": "OverallWidth", "value": 0.7},
        {"op": "set_attribute", "element": first("IfcSpace"), "name": "LongName", "value": "Corridor"},
        {"op": "remove_element", "element": first("IfcDoor")},
        {"op": "set_attribute", "element": first("IfcBuildingStorey"), "name": "Name", "value": "?"},
    ]);
    serde_json::from_value(edits).unwrap()
}

#[test]
fn whatever_fails_the_report_is_that_of_asking_one_by_one() {
    let modules = native::modules();
    for (what, fails) in FAILURES {
        let (mut one, mut all) = (opened(&modules), opened(&modules));
        alone(&mut one, &modules, *fails);
        let most = together(&mut all, &modules, *fails);
        assert!(most > 2, "{what}: {most} questions at once");
        let report = one.report().unwrap().to_json();
        assert_eq!(report, all.report().unwrap().to_json(), "{what}");
        for edit in edits(&one) {
            one.edit(vec![edit.clone()]).unwrap();
            all.edit(vec![edit.clone()]).unwrap();
            alone(&mut one, &modules, *fails);
            together(&mut all, &modules, *fails);
            let (delta, same) = (one.delta().unwrap(), all.delta().unwrap());
            assert_eq!(delta.to_json(), same.to_json(), "{what}: {edit:?}");
        }
        let report = one.report().unwrap().to_json();
        assert_eq!(report, all.report().unwrap().to_json(), "{what}, edited");
    }
}

#[test]
fn questions_that_were_dropped_are_asked_again() {
    let modules = native::modules();
    let mut session = opened(&modules);
    let mut dropped = Vec::new();
    let mut call = session.next_call();
    while let Some(asked) = call {
        dropped.push(asked.id);
        call = session.further_call();
    }
    assert!(!session.is_complete());
    alone(&mut session, &modules, |_| None);
    assert!(dropped.iter().all(|id| !session.is_open(*id)));
    let mut whole = opened(&modules);
    alone(&mut whole, &modules, |_| None);
    let report = whole.report().unwrap().to_json();
    assert_eq!(session.report().unwrap().to_json(), report);
}
