//! Configuration: a flag counts before a variable, that before the file; what is wrong is said before
//! anything starts.

use std::process::Output;

use plancheck_server_tests::{Host, Postgres, Redis, ready, root};

fn say(arguments: &[&str], variables: &[(&str, &str)]) -> (i32, String) {
    let (mut command, _data) = Host::command(arguments);
    command.arg("--check-config");
    let Output {
        status,
        stdout,
        stderr,
    } = command.envs(variables.iter().copied()).output().unwrap();
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&stdout),
        String::from_utf8_lossy(&stderr)
    );
    (status.code().unwrap(), text)
}

#[test]
fn flag_variable_file_default() {
    if !ready("flag_variable_file_default") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("plancheck.toml");
    std::fs::write(
        &file,
        "max-upload = \"3MiB\"\nconcurrency = 7\ntrusted-proxy = [\"10.0.0.0/8\"]\n",
    )
    .unwrap();
    let path = file.to_str().unwrap();
    let models = |arguments: &[&str], variables: &[(&str, &str)]| {
        let (code, text) = say(arguments, variables);
        assert_eq!(code, 0, "{text}");
        text.lines()
            .find(|line| line.starts_with("models"))
            .unwrap()
            .to_owned()
    };
    assert!(models(&["--concurrency", "2"], &[]).contains("256 MiB, 2 checks"));
    assert!(models(&["--config", path], &[]).contains("3 MiB, 7 checks"));
    assert!(models(&[], &[("PLANCHECK_CONFIG", path)]).contains("3 MiB, 7 checks"));
    let variable = ("PLANCHECK_MAX_UPLOAD", "4MiB");
    assert!(models(&["--config", path], &[variable]).contains("4 MiB, 7 checks"));
    assert!(
        models(&["--config", path, "--max-upload", "5MiB"], &[variable])
            .contains("5 MiB, 7 checks")
    );
}

#[test]
fn what_is_wrong_is_said() {
    if !ready("what_is_wrong_is_said") {
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let write = |text: &str| {
        let file = folder.path().join("plancheck.toml");
        std::fs::write(&file, text).unwrap();
        file.to_str().unwrap().to_owned()
    };
    for (text, expected) in [
        ("max-uplod = \"3MiB\"", "is `max-upload` meant?"),
        ("max-upload = \"much\"", "want bytes"),
        (
            "max-upload = \"much\"",
            "plancheck.toml: `max-upload`: invalid value",
        ),
        (
            "concurrency = 0",
            "plancheck.toml: `concurrency`: invalid value '0'",
        ),
        (
            "listen = [\"127.0.0.1:1\", \"127.0.0.1:2\"]",
            "`listen`: is one value",
        ),
        ("no-builtin = \"perhaps\"", "`no-builtin`: is true or false"),
        ("max-upload = { a = 1 }", "is a text, a number"),
        ("listen = [[[", "plancheck.toml"),
        ("config = \"other.toml\"", "there is no setting `config`"),
    ] {
        let (code, said) = say(&["--config", &write(text)], &[]);
        assert_eq!(code, 2, "{text}: {said}");
        assert!(said.contains(expected), "{text}: {said}");
    }
    let (code, said) = say(&["--config", "/no/such/file.toml"], &[]);
    assert!(code == 2 && said.contains("/no/such/file.toml"), "{said}");
    let (code, said) = say(&["--redis-url", "http://x"], &[]);
    assert!(code == 2 && said.contains("--redis-url"), "{said}");
    let (code, said) = say(&[], &[("PLANCHECK_LOG", "inof")]);
    assert!(code == 2 && said.contains("`inof` is no level"), "{said}");
    // Passwords of the first administrator, and ports.
    let (code, said) = say(&["--admin-password-file", &write("short")], &[]);
    assert!(
        code == 2 && said.contains("--admin-password-file"),
        "{said}"
    );
    let (code, said) = say(&["--admin-password-file", "/no/such/password"], &[]);
    assert!(code == 2 && said.contains("/no/such/password"), "{said}");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().unwrap().to_string();
    let (code, said) = say(&["--metrics-listen", &taken], &[]);
    assert!(code == 2 && said.contains("--metrics-listen"), "{said}");
    let same = ["--listen", "127.0.0.1:9", "--metrics-listen", "127.0.0.1:9"];
    let data = tempfile::tempdir().unwrap();
    let done = std::process::Command::new(plancheck_server_tests::program())
        .arg("serve")
        .args(same)
        .env("PLANCHECK_DATA_DIR", data.path())
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr).into_owned();
    assert_eq!(done.status.code(), Some(2), "{said}");
    assert!(said.contains("the same address"), "{said}");
    assert_eq!(std::fs::read_dir(data.path()).unwrap().count(), 0);
    // A Redis that does not let this server in.
    let redis = Redis::start();
    let wrong = redis.url().replace("redis://", "redis://nobody:wrong@");
    let (code, said) = say(&["--redis-url", &wrong], &[]);
    assert!(code == 1 && said.contains("Redis refuses"), "{said}");
}

#[test]
fn a_database_that_cannot_be_opened_says_why() {
    if !ready("a_database_that_cannot_be_opened_says_why") {
        return;
    }
    let postgres = Postgres::start();
    let url = postgres.url();
    postgres.want_passwords();
    for (url, expected) in [
        (
            url.replace("plancheck@", "plancheck:wrong@"),
            "are user and password",
        ),
        (
            url.replace("plancheck@", "nobody:wrong@"),
            "are user and password",
        ),
        (
            "postgres://h:port/x".to_owned(),
            "the address cannot be read",
        ),
        ("mysql://h/x".to_owned(), "the address cannot be read"),
    ] {
        let (code, said) = say(&["--database-url", &url], &[]);
        assert!(code == 2 && said.contains(expected), "{url}: {said}");
        assert!(!said.contains("newer release"), "{said}");
    }
    let postgres = Postgres::start();
    let missing = postgres.url().replace("/postgres", "/missing");
    let (code, said) = say(&["--database-url", &missing], &[]);
    assert!(code == 2 && said.contains("createdb"), "{said}");
}

#[test]
fn what_is_kept_is_for_its_user_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    if !ready("what_is_kept_is_for_its_user_alone") {
        return;
    }
    let (mut command, data) = Host::command(&[]);
    // An earlier start made it for everybody.
    let file = data.path().join("plancheck.sqlite");
    std::fs::write(&file, b"").unwrap();
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let host = Host::spawn(&mut command, data);
    let _ = host.admin();
    for name in [
        "plancheck.sqlite",
        "plancheck.sqlite-wal",
        "plancheck.sqlite-shm",
    ] {
        let mode = std::fs::metadata(host.data().join(name)).unwrap();
        assert_eq!(mode.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[test]
fn secrets_come_from_files_and_stand_nowhere() {
    if !ready("secrets_come_from_files_and_stand_nowhere") {
        return;
    }
    let redis = Redis::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("redis");
    std::fs::write(&file, format!("{}\n", redis.url())).unwrap();
    let (code, said) = say(&["--redis-url-file", file.to_str().unwrap()], &[]);
    assert!(code == 0 && said.contains("answers"), "{said}");
    let (mut command, _data) = Host::command(&[]);
    let help = command
        .arg("--help")
        .env("PLANCHECK_TOKEN_KEYS", "hidden-hidden")
        .output()
        .unwrap();
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    assert!(!help.contains("hidden-hidden"));
    // The page in the documentation is made of the same table.
    let page = std::fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let (mut command, _data) = Host::command(&[]);
    let printed = command.arg("--print-settings").output().unwrap();
    assert_eq!(
        page,
        String::from_utf8_lossy(&printed.stdout),
        "run: plancheck serve --print-settings > docs/configuration.md"
    );
}

#[test]
fn a_look_at_the_configuration_names_modules_and_makes_no_account() {
    if !ready("a_look_at_the_configuration_names_modules_and_makes_no_account") {
        return;
    }
    let modules = tempfile::tempdir().unwrap();
    let (mut command, data) = Host::command(&["--modules-dir", modules.path().to_str().unwrap()]);
    let look = |command: &mut std::process::Command| {
        let done = command.output().unwrap();
        let text = String::from_utf8_lossy(&done.stdout).into_owned();
        let errors = String::from_utf8_lossy(&done.stderr).into_owned();
        (done.status.code().unwrap(), text, errors)
    };
    let (code, text, errors) = look(command.arg("--check-config"));
    assert_eq!(code, 0, "{text}{errors}");
    assert!(
        text.contains("us-ibc-2024") && text.contains("us-ada-2010"),
        "{text}"
    );
    assert!(text.contains(data.path().to_str().unwrap()), "{text}");
    assert!(text.contains("accounts    none yet"), "{text}");
    assert!(!errors.contains("administrator"), "{errors}");
    std::fs::write(modules.path().join("broken.wasm"), b"no module").unwrap();
    let (code, text, _) = look(&mut command);
    assert_eq!(code, 1, "{text}");
    assert!(text.contains("cannot be used"), "{text}");
}

#[test]
fn health_asks_the_server_of_this_machine_and_no_stranger() {
    use std::io::{Read as _, Write as _};
    if !ready("health_asks_the_server_of_this_machine_and_no_stranger") {
        return;
    }
    let host = Host::start(&[]);
    let ask = |variables: &[(&str, &str)]| {
        let done = std::process::Command::new(plancheck_server_tests::program())
            .arg("health")
            .env_remove("PLANCHECK_HEALTH_URL")
            .env_remove("PLANCHECK_LISTEN")
            .envs(variables.iter().copied())
            .output()
            .unwrap();
        let errors = String::from_utf8_lossy(&done.stderr).into_owned();
        (done.status.code().unwrap(), errors)
    };
    assert_eq!(ask(&[("PLANCHECK_LISTEN", &host.address)]).0, 0);
    let everywhere = host.address.replace("127.0.0.1", "0.0.0.0");
    assert_eq!(ask(&[("PLANCHECK_LISTEN", &everywhere)]).0, 0);
    let stranger = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = stranger.local_addr().unwrap().to_string();
    let answers = std::thread::spawn(move || {
        let (mut stream, _) = stranger.accept().unwrap();
        // Closed with something unread, it would be reset.
        let _ = stream.read(&mut [0; 4096]).unwrap();
        stream
            .write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            .unwrap();
    });
    let (code, errors) = ask(&[("PLANCHECK_LISTEN", &address)]);
    answers.join().unwrap();
    assert!(
        code == 1 && errors.contains("no Plancheck server"),
        "{errors}"
    );
    let (code, errors) = ask(&[("PLANCHECK_LISTEN", "everywhere")]);
    assert!(code == 2 && errors.contains("PLANCHECK_LISTEN"), "{errors}");
}
