//! Measures the built binary, on this machine, and prints the table of `docs/benchmarks.md`.
//!
//! CPU is user and system time of relkit alone, as the kernel accounts for children that were
//! waited for; wall is what a person waits. The middle run of several is shown.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::{Result, shell};

/// Something to measure.
struct Bench {
    name: &'static str,
    what: &'static str,
    runs: usize,
    clock: Clock,
    /// Lays what the command needs in an empty directory.
    lay: fn(&Path) -> Result,
    args: &'static [&'static str],
}

#[derive(Clone, Copy)]
enum Clock {
    Cpu,
    Wall,
}

const BENCHES: &[Bench] = &[
    Bench {
        name: "version",
        what: "`relkit --version`",
        runs: 50,
        clock: Clock::Cpu,
        lay: |_| Ok(()),
        args: &["--version"],
    },
    Bench {
        name: "demo",
        what: "`relkit demo`: a sample repository from bump to a published candidate",
        runs: 5,
        clock: Clock::Wall,
        lay: |_| Ok(()),
        args: &["demo", "sample"],
    },
    Bench {
        name: "bump",
        what: "`relkit bump 0.2.0 --rc 1`: four files, commit and tag",
        runs: 20,
        clock: Clock::Cpu,
        lay: repository,
        args: &["bump", "0.2.0", "--rc", "1"],
    },
];

/// Measures all, or the one called `name`.
pub(crate) fn run(name: Option<&str>) -> Result {
    let chosen: Vec<_> = BENCHES
        .iter()
        .filter(|bench| name.is_none_or(|name| name == bench.name))
        .collect();
    if chosen.is_empty() {
        let names: Vec<_> = BENCHES.iter().map(|bench| bench.name).collect();
        return Err(format!("there are: {}", names.join(", ")).into());
    }
    let relkit = shell::relkit(&["--release"])?;
    println!("| what | clock | runs | least | middle | most |");
    println!("|---|---|---|---|---|---|");
    for bench in chosen {
        let mut times = (0..bench.runs)
            .map(|_| bench.measure(&relkit))
            .collect::<Result<Vec<_>>>()?;
        times.sort_unstable();
        let shown = [0, times.len() / 2, times.len() - 1].map(|at| milliseconds(times[at]));
        let clock = match bench.clock {
            Clock::Cpu => "CPU",
            Clock::Wall => "wall",
        };
        let Bench { what, runs, .. } = bench;
        println!("| {what} | {clock} | {runs} | {} |", shown.join(" | "));
    }
    Ok(())
}

impl Bench {
    fn measure(&self, relkit: &Path) -> Result<Duration> {
        let place = Place::new()?;
        (self.lay)(&place.0)?;
        let (wall, cpu) = (Instant::now(), children()?);
        let output = Command::new(relkit)
            .args(self.args)
            .current_dir(&place.0)
            .env("RELKIT_DATA_DIR", place.0.join("data"))
            .stdin(Stdio::null())
            .output()?;
        let (wall, cpu) = (wall.elapsed(), children()?.saturating_sub(cpu));
        if !output.status.success() {
            let stderr = String::from_utf8_lossy(&output.stderr);
            return Err(format!("`relkit {}`: {stderr}", self.args.join(" ")).into());
        }
        Ok(match self.clock {
            Clock::Cpu => cpu,
            Clock::Wall => wall,
        })
    }
}

/// A directory below `target/`, removed in the end.
struct Place(PathBuf);

impl Place {
    fn new() -> Result<Self> {
        let path = std::env::current_dir()?.join("target/bench");
        drop(fs::remove_dir_all(&path));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        drop(fs::remove_dir_all(&self.0));
    }
}

/// A repository with a version in four files, committed.
fn repository(dir: &Path) -> Result {
    const FILES: &[(&str, &str)] = &[
        (
            "Cargo.toml",
            "[package]\nname = \"sample\"\nversion = \"0.1.0\"\nedition = \"2024\"\n",
        ),
        (
            "Cargo.lock",
            "version = 4\n\n[[package]]\nname = \"sample\"\nversion = \"0.1.0\"\n",
        ),
        (
            "pyproject.toml",
            "[project]\nname = \"sample\"\nversion = \"0.1.0\"\n",
        ),
        (
            "package.json",
            "{\n  \"name\": \"sample\",\n  \"version\": \"0.1.0\"\n}\n",
        ),
        ("relkit.toml", "[project]\nname = \"sample\"\n"),
        (".gitignore", "/data/\n"),
    ];
    for (name, text) in FILES {
        fs::write(dir.join(name), text)?;
    }
    for line in [
        "init -q -b main",
        "config user.name Tester",
        "config user.email tester@example.com",
        "add --all",
        "commit -q -m start",
    ] {
        let status = Command::new("git")
            .args(line.split(' '))
            .current_dir(dir)
            .status()?;
        if !status.success() {
            return Err(format!("git {line}: {status}").into());
        }
    }
    Ok(())
}

fn milliseconds(time: Duration) -> String {
    format!("{:.1} ms", time.as_secs_f64() * 1e3)
}

/// User and system time of all children that were waited for.
#[cfg(unix)]
fn children() -> Result<Duration> {
    use nix::sys::{
        resource::{UsageWho, getrusage},
        time::TimeValLike as _,
    };
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let micros = (usage.user_time() + usage.system_time()).num_microseconds();
    Ok(Duration::from_micros(u64::try_from(micros)?))
}

/// Nothing that std or a safe crate offers.
#[cfg(not(unix))]
fn children() -> Result<Duration> {
    Err("CPU time is measured on Unix only".into())
}
