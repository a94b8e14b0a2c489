//! `live`: thousands of clients that look at one building. What each costs, and how long an edit takes
//! to the last of them; then the same beside one that does not read.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use plancheck_server_tests::{door, office};
use serde_json::json;
use tokio::sync::{Notify, Semaphore, watch};
use tokio::task::JoinSet;

use crate::figures::{latency, median, millis, percentile, spread};
use crate::load::http::Connection;
use crate::load::websocket::{Event, Socket, number, word};
use crate::process::Server;

/// Edits of the first measurement.
const EDITS: usize = 30;
/// Pairs of rounds without and with a client that does not read, and edits in each.
const PAIRS: usize = 8;
const EDITS_OF_ROUND: usize = 15;
/// Kilobytes of the server's memory for each client, milliseconds to nearly all of them, percent that
/// one who does not read may cost the others.
const GOAL_MEMORY: f64 = 50.0;
const GOAL_EDIT: f64 = 250.0;
const GOAL_SLOW: f64 = 10.0;
/// Clients that shake hands at the same time.
const AT_ONCE: usize = 64;
/// Of a message: kind and number stand in its beginning.
const KEEP: usize = 200;
/// An edit that has not reached everybody by then is lost.
const LOST: Duration = Duration::from_secs(20);

/// What all clients write into.
struct Board {
    began: Instant,
    /// For each number of an edit, the nanoseconds at which it was sent.
    sent: Vec<AtomicU64>,
    /// For each number of an edit, how many have it.
    seen: Vec<AtomicUsize>,
    /// For each number of an edit and each client, how long it took.
    took: Vec<AtomicU64>,
    clients: usize,
    everybody: Notify,
    ended: AtomicUsize,
    wrong: AtomicUsize,
    received: AtomicU64,
}

impl Board {
    fn new(clients: usize, edits: usize) -> Board {
        fn zeros<T: Default>(count: usize) -> Vec<T> {
            (0..count).map(|_| T::default()).collect()
        }
        Board {
            began: Instant::now(),
            sent: zeros(edits + 1),
            seen: zeros(edits + 1),
            took: zeros((edits + 1) * clients),
            clients,
            everybody: Notify::new(),
            ended: AtomicUsize::new(0),
            wrong: AtomicUsize::new(0),
            received: AtomicU64::new(0),
        }
    }

    fn now(&self) -> u64 {
        u64::try_from(self.began.elapsed().as_nanos()).unwrap_or(u64::MAX)
    }

    fn note(&self, client: usize, seq: usize) {
        let Some(sent) = self.sent.get(seq) else {
            return;
        };
        let took = self.now().saturating_sub(sent.load(Ordering::SeqCst));
        if let Some(slot) = self.took.get(seq * self.clients + client) {
            slot.store(took, Ordering::Relaxed);
        }
        if self
            .seen
            .get(seq)
            .is_some_and(|seen| seen.fetch_add(1, Ordering::SeqCst) + 1 == self.clients)
        {
            self.everybody.notify_one();
        }
    }

    /// Times of some edits, all clients, in nanoseconds.
    fn times(&self, edits: std::ops::Range<usize>) -> Vec<u64> {
        let of = self
            .took
            .get(edits.start * self.clients..edits.end * self.clients);
        of.unwrap_or_default()
            .iter()
            .map(|took| took.load(Ordering::Relaxed))
            .collect()
    }
}

/// Measures and prints.
pub async fn run(clients: usize) -> Result<()> {
    for (name, model, element) in [("small", door(0.9), "d1"), ("office", office(), "")] {
        one(clients, name, &model, element).await?;
    }
    Ok(())
}

async fn one(clients: usize, name: &str, model: &[u8], element: &str) -> Result<()> {
    let arguments = [
        "--rate-per-address",
        "0",
        "--rate-per-caller",
        "0",
        "--max-connections",
        "8192",
    ];
    let host = Server::start(&arguments)?;
    let (token, _) = host.login().await?;
    let bearer = format!("authorization: Bearer {token}\r\n");
    let mut connection = Connection::open(&host.address).await?;
    let put = connection
        .send(
            "PUT",
            "/api/v1/buildings/house?jurisdiction=us",
            &bearer,
            model,
        )
        .await?;
    if put.status != 200 {
        bail!("{}", String::from_utf8_lossy(&put.body));
    }
    let report = connection
        .send("GET", "/api/v1/validate/house", &bearer, b"")
        .await?;
    let element = match element {
        "" => first_door(&report.body)?,
        element => element.to_owned(),
    };
    println!(
        "\n{clients} clients on the {name} building (full state {} kB); open files of the server: {}",
        report.body.len() / 1000,
        host.file_limit()
    );
    let hello = json!({ "type": "hello", "token": token }).to_string();
    let mut editor = Editor::join(&host, &hello, element).await?;
    let before = host.memory();
    let edits = EDITS + 2 * PAIRS * EDITS_OF_ROUND;
    let board = Arc::new(Board::new(clients, edits));
    let began = Instant::now();
    let (stop, stopped) = watch::channel(false);
    let tasks = join_all(&host, &hello, &board, &stopped).await?;
    println!(
        "  joined                     {:.2} s",
        began.elapsed().as_secs_f64()
    );
    // What joining needed for a moment only is given back by then.
    tokio::time::sleep(Duration::from_secs(3)).await;
    let each = (host.memory().saturating_sub(before)) as f64 / clients as f64 / 1000.0;
    let met = |is_met: bool| if is_met { "met" } else { "missed" };
    println!(
        "  memory of the server       {} MB before, {} MB after: {each:.1} kB for each client   goal {GOAL_MEMORY}: {}",
        before / 1_000_000,
        host.memory() / 1_000_000,
        met(each <= GOAL_MEMORY)
    );
    let spent = host.processor();
    let first = editor.edit(&board, EDITS).await?;
    let spent = host.processor() - spent;
    let mut times = board.times(first.clone());
    let whole: Vec<f64> = first.map(|edit| worst(&board, edit)).collect();
    println!(
        "  edit to each client        {}   ({EDITS} edits × {clients})",
        latency(&mut times)
    );
    let p99 = millis(Duration::from_nanos(percentile(&times, 0.99)));
    println!(
        "  goal p99 {GOAL_EDIT} ms: {p99:.1}, {}; the last client of an edit: {} ms",
        met(p99 <= GOAL_EDIT),
        spread(&whole, 1)
    );
    println!(
        "  processor of the server    {:.0} ms for each edit, {:.1} µs for each client of it",
        millis(spent) / EDITS as f64,
        spent.as_secs_f64() * 1e6 / (EDITS * clients) as f64
    );
    let each = (host.memory().saturating_sub(before)) as f64 / clients as f64 / 1000.0;
    println!(
        "  memory after the edits     {} MB: {each:.1} kB for each client",
        host.memory() / 1_000_000
    );
    beside_one_that_does_not_read(&host, &hello, &board, &mut editor).await?;
    let (ended, wrong) = (
        board.ended.load(Ordering::SeqCst),
        board.wrong.load(Ordering::SeqCst),
    );
    println!("  connections that ended     {ended}; numbers that were lost or doubled: {wrong}");
    println!(
        "  received                   {} MB",
        board.received.load(Ordering::Relaxed) / 1_000_000
    );
    // Nobody waits for the server to say goodbye to thousands.
    let _ = stop.send(true);
    drop(host);
    drop(tasks);
    Ok(())
}

fn worst(board: &Board, edit: usize) -> f64 {
    let most = board.times(edit..edit + 1).into_iter().max().unwrap_or(0);
    millis(Duration::from_nanos(most))
}

/// The GlobalId of a door that a finding names.
pub fn first_door(report: &[u8]) -> Result<String> {
    let report: serde_json::Value = serde_json::from_slice(report)?;
    let findings = report["findings"].as_array().context("findings")?;
    let ids = findings.iter().map(|finding| &finding["element"]);
    let mut doors = ids.filter(|element| element["class"] == "IfcDoor");
    let door = doors
        .next()
        .and_then(|element| element["global_id"].as_str());
    Ok(door.context("a finding of a door")?.to_owned())
}

async fn join_all(
    host: &Server,
    hello: &str,
    board: &Arc<Board>,
    stopped: &watch::Receiver<bool>,
) -> Result<JoinSet<()>> {
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let (joined, mut count) = watch::channel(0_usize);
    let joined = Arc::new(joined);
    let mut tasks = JoinSet::new();
    for client in 0..board.clients {
        let place = Arc::clone(&places).acquire_owned().await?;
        let (board, joined, hello, address) = (
            Arc::clone(board),
            Arc::clone(&joined),
            hello.to_owned(),
            host.address.clone(),
        );
        let stopped = stopped.clone();
        tasks.spawn(async move {
            let mut socket = match Socket::open(&address, PATH, KEEP).await {
                Ok(socket) => socket,
                Err(error) => {
                    eprintln!("client {client}: {error}");
                    return;
                }
            };
            if socket.say(&hello).await.is_err() || full(&mut socket).await.is_err() {
                eprintln!("client {client} was not let in");
                return;
            }
            drop(place);
            joined.send_modify(|count| *count += 1);
            listen(socket, &board, client).await;
            if !*stopped.borrow() {
                board.ended.fetch_add(1, Ordering::SeqCst);
            }
        });
    }
    let all = count.wait_for(|count| *count == board.clients);
    tokio::time::timeout(Duration::from_secs(60), all)
        .await
        .context("not everybody could join")??;
    Ok(tasks)
}

pub const PATH: &str = "/api/v1/ws/validation/house";

/// Waits for the full state.
pub async fn full(socket: &mut Socket) -> Result<()> {
    loop {
        match socket.next().await? {
            Event::Closed(code) => bail!("closed with {code}"),
            Event::Text(text) if word(&text, "kind") == Some("full") => return Ok(()),
            Event::Text(_) => {}
        }
    }
}

async fn listen(mut socket: Socket, board: &Board, client: usize) {
    let mut last = 0;
    let mut counted = 0;
    while let Ok(Event::Text(text)) = socket.next().await {
        if word(&text, "kind") == Some("delta") {
            let seq = number(&text, "seq")
                .and_then(|seq| usize::try_from(seq).ok())
                .unwrap_or(0);
            board.note(client, seq);
            if seq != last + 1 {
                board.wrong.fetch_add(1, Ordering::SeqCst);
            }
            last = seq;
        }
        let received = socket.received();
        board
            .received
            .fetch_add((received - counted) as u64, Ordering::Relaxed);
        counted = received;
    }
}

/// An edit that makes a door wider or narrower: of a model in JSON its clear width, of IFC the width of
/// the whole.
pub fn edit(request: &str, element: &str, width: f64) -> String {
    let edit = match element {
        "d1" => {
            json!({ "op": "set_property", "element": element, "set": "", "name": "clear_width", "value": width })
        }
        _ => {
            json!({ "op": "set_attribute", "element": element, "name": "OverallWidth", "value": width })
        }
    };
    json!({ "type": "edit", "request": request, "edits": [edit] }).to_string()
}

/// Who makes the edits.
struct Editor {
    socket: Socket,
    element: String,
    made: usize,
}

impl Editor {
    async fn join(host: &Server, hello: &str, element: String) -> Result<Editor> {
        let mut socket = Socket::open(&host.address, PATH, KEEP).await?;
        socket.say(hello).await?;
        full(&mut socket).await?;
        Ok(Editor {
            socket,
            element,
            made: 0,
        })
    }

    /// Makes edits one by one: the next one when everybody has the last one. Answers their numbers.
    async fn edit(&mut self, board: &Board, count: usize) -> Result<std::ops::Range<usize>> {
        let first = self.made + 1;
        for _ in 0..count {
            self.made += 1;
            // Verdicts change with each.
            let width = if self.made.is_multiple_of(2) {
                0.6
            } else {
                0.95
            };
            let text = edit(&format!("r{}", self.made), &self.element, width);
            if let Some(sent) = board.sent.get(self.made) {
                sent.store(board.now(), Ordering::SeqCst);
            }
            self.socket.say(&text).await?;
            let mine = async {
                loop {
                    match self.socket.next().await? {
                        Event::Closed(code) => bail!("the editor was let go with {code}"),
                        Event::Text(text)
                            if number(&text, "seq") == i64::try_from(self.made).ok() =>
                        {
                            return Ok(());
                        }
                        Event::Text(text) if word(&text, "type") == Some("error") => {
                            bail!("{}", String::from_utf8_lossy(&text));
                        }
                        Event::Text(_) => {}
                    }
                }
            };
            tokio::time::timeout(LOST, mine)
                .await
                .context("an edit was not answered")??;
            let all = async {
                while board
                    .seen
                    .get(self.made)
                    .is_some_and(|seen| seen.load(Ordering::SeqCst) < board.clients)
                {
                    let _ = tokio::time::timeout(
                        Duration::from_millis(100),
                        board.everybody.notified(),
                    )
                    .await;
                }
            };
            tokio::time::timeout(LOST, all)
                .await
                .context("an edit did not reach everybody")?;
            // The second message of the edit, the score, is read too before the next one.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        Ok(first..self.made + 1)
    }
}

async fn beside_one_that_does_not_read(
    host: &Server,
    hello: &str,
    board: &Board,
    editor: &mut Editor,
) -> Result<()> {
    let p99 = |edits: std::ops::Range<usize>| {
        let mut times = board.times(edits);
        times.sort_unstable();
        millis(Duration::from_nanos(percentile(&times, 0.99)))
    };
    let (mut without, mut with) = (Vec::new(), Vec::new());
    for pair in 0..PAIRS {
        // In turns first, so that what grows with time counts for both.
        for slow in [pair % 2 == 0, pair % 2 != 0] {
            if !slow {
                without.push(p99(editor.edit(board, EDITS_OF_ROUND).await?));
                continue;
            }
            let mut silent = Socket::narrow(&host.address, PATH).await?;
            silent.say(hello).await?;
            tokio::time::sleep(Duration::from_millis(300)).await;
            with.push(p99(editor.edit(board, EDITS_OF_ROUND).await?));
            drop(silent);
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    }
    let changes: Vec<f64> = with
        .iter()
        .zip(&without)
        .map(|(with, without)| (with / without - 1.0) * 100.0)
        .collect();
    let change = (median(&with) / median(&without) - 1.0) * 100.0;
    println!(
        "  p99 without a slow client  {} ms   ({PAIRS} rounds of {EDITS_OF_ROUND} edits)",
        spread(&without, 1)
    );
    println!(
        "  p99 with one               {} ms   (in turns)",
        spread(&with, 1)
    );
    // A quarter of the rounds without it lie further below, a quarter further above.
    let mut sorted = without.clone();
    sorted.sort_by(f64::total_cmp);
    let noise =
        (percentile(&sorted, 0.75) - percentile(&sorted, 0.25)) / 2.0 / median(&without) * 100.0;
    let met = match (noise < GOAL_SLOW, change < GOAL_SLOW) {
        (false, _) => format!("rounds differ by ±{noise:.0} % without it, too much to tell"),
        (true, true) => "met".to_owned(),
        (true, false) => "missed".to_owned(),
    };
    println!(
        "  it costs the others        {change:+.1} % of the medians; pair by pair {} %   goal below {GOAL_SLOW} %: {met}",
        spread(&changes, 1)
    );
    Ok(())
}
