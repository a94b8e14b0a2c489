//! A session ends when the engine is stopped in the middle of a call, and only then.

use std::time::Duration;

use plancheck_contract::{Columns, Verdicts};
use plancheck_host::runtime::{
    Answer, EngineError, EngineSession, FileError, Limits, ModuleError, Runtime, RuntimeConfig,
};

use super::{compiler, limits};

fn session() -> EngineSession {
    let limits = Limits {
        engine_deadline: Duration::from_millis(100),
        ..limits()
    };
    let config = RuntimeConfig {
        cache_dir: None,
        compiler: compiler(),
        limits,
    };
    let runtime = Runtime::new(config).expect("a runtime");
    let engine = runtime.engine(&plancheck_hostile::engine().expect("an engine"));
    engine.expect("it loads").session().expect("a session")
}

fn load(session: &mut EngineSession, model: &[u8]) -> Result<String, EngineError> {
    session.feed(model, 0)?;
    session.load("{}")
}

#[test]
fn a_session_answers() {
    let mut session = session();
    assert_eq!(load(&mut session, b"a model"), Ok("a model".to_owned()));
    assert_eq!(session.next_call(), Ok(None));
    assert_eq!(session.reply(0, Answer::Failure("{}".to_owned())), Ok(()));
    assert_eq!(
        session.reply(1, Answer::Verdicts(Verdicts::default())),
        Ok(())
    );
    assert_eq!(
        session.reply(2, Answer::Columns(Columns::default())),
        Ok(())
    );
}

#[test]
fn a_session_goes_on_after_the_engine_said_no() {
    let mut session = session();
    let refused = EngineError::Refused(r#"{"code":"no-model"}"#.to_owned());
    assert_eq!(load(&mut session, b""), Err(refused.clone()));
    assert_eq!(session.use_modules("[]"), Err(refused.clone()));
    assert_eq!(session.edit("[]"), Err(refused.clone()));
    assert_eq!(session.report(), Err(refused.clone()));
    assert_eq!(session.delta(), Err(refused.clone()));
    let documents = [b"a".to_vec(), Vec::new()];
    assert_eq!(session.ids_check(&documents, ""), Err(refused.clone()));
    assert_eq!(session.ids_audit(b""), Err(refused));
    assert_eq!(load(&mut session, b"a model"), Ok("a model".to_owned()));
}

#[test]
fn a_session_is_over_after_the_engine_was_stopped() {
    let mut session = session();
    let cause = ModuleError::Deadline { millis: 100 };
    assert_eq!(
        load(&mut session, b"1"),
        Err(EngineError::Stopped(cause.clone()))
    );
    assert_eq!(
        load(&mut session, b"a model"),
        Err(EngineError::Poisoned(cause.clone()))
    );
    assert_eq!(session.next_call(), Err(EngineError::Poisoned(cause)));
}

#[test]
fn a_session_is_over_after_the_engine_broke_down() {
    let mut session = session();
    let broken = load(&mut session, b"12");
    assert!(
        matches!(broken, Err(EngineError::Stopped(ModuleError::Trap(_)))),
        "{broken:?}"
    );
    let after = session.report();
    assert!(
        matches!(after, Err(EngineError::Poisoned(ModuleError::Trap(_)))),
        "{after:?}"
    );
}

#[test]
fn a_module_is_no_engine_and_the_other_way_round() {
    let module = plancheck_hostile::module(plancheck_hostile::HONEST).expect("a module");
    let error = super::runtime().engine(&module).err();
    assert!(
        matches!(
            error,
            Some(EngineError::Load(ModuleError::File(
                FileError::WrongWorld { .. }
            )))
        ),
        "{error:?}"
    );
    let engine = plancheck_hostile::engine().expect("an engine");
    assert!(matches!(
        super::load(&engine).err(),
        Some(ModuleError::File(FileError::WrongWorld { .. }))
    ));
}
