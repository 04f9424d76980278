//! The gate: the only maker of a [`Ready`].
//!
//! It trusts no header, no flag and no digest that it is given. It reads the report, derives it
//! again from the files, the policy and git as they are now, hashing every file itself, and only
//! when the bytes agree and say "ready" does it seal.

use camino::Utf8PathBuf;

use crate::{
    config::Config,
    context::Context,
    digest::{InvalidPath, PublicPath},
    evidence::{self, Candidate, Comparison, Facts, Ready, Report, ReportError, Sameness, Verdict},
    finding::{Finding, counted},
    gather::{self, GatherError},
    plan::Plan,
    publish::{self, PublishError},
    world::fs::{self, FileError},
};

/// Where the report stands, unless another place is named.
pub const REPORT: &str = ".relkit/out/release_candidate_report.json";

/// How many seconds the clocks of two machines may differ.
const CLOCK_SKEW: i64 = 600;

/// The gate stays closed.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum GateError {
    /// The candidate does not hold.
    #[error("{tag} is not ready: {}", counted(.blockers.len(), "blocker"))]
    #[diagnostic(
        code("gate.not_ready"),
        help("clear what is named above, then run `relkit candidate` again")
    )]
    NotReady {
        /// The release.
        tag: String,
        /// What keeps it.
        blockers: Vec<Finding>,
    },
    /// There is no report.
    #[error("there is no candidate report at `{path}`")]
    #[diagnostic(code("gate.no_report"), help("run `relkit candidate` first"))]
    NoReport {
        /// Where one was looked for.
        path: String,
    },
    /// The world is no longer what the report says.
    #[error("the report no longer holds: {}", counted(.findings.len(), "difference"))]
    #[diagnostic(
        code("gate.moved_on"),
        help(
            "if the change is meant, run `relkit candidate` again; else put back what the report binds"
        )
    )]
    MovedOn {
        /// What differs.
        findings: Vec<Finding>,
    },
    /// The report says something else than what it binds gives.
    #[error("the report is not what its files, policy and commit give")]
    #[diagnostic(
        code("gate.forged"),
        help("make it again with `relkit candidate`; do not publish under it")
    )]
    Forged {
        /// In what it differs.
        findings: Vec<Finding>,
    },
    /// Something is not published.
    #[error("{} not published: {}", are(.missing), .missing.join(", "))]
    #[diagnostic(
        code("gate.not_published"),
        help("run `relkit publish`; it goes on where it stopped")
    )]
    NotPublished {
        /// What.
        missing: Vec<String>,
    },
    /// The report cannot be what relkit writes.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Report(#[from] ReportError),
    /// The facts could not be had.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Gather(#[from] GatherError),
    /// The publication cannot be planned.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Publish(#[from] PublishError),
    /// A file refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileError),
    /// The report stands at a place that cannot be named.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Path(#[from] InvalidPath),
}

fn are(missing: &[String]) -> String {
    match missing.len() {
        1 => "1 thing is".to_owned(),
        n => format!("{n} things are"),
    }
}

impl GateError {
    /// What keeps the gate closed.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        match self {
            Self::NotReady { blockers, .. } => blockers,
            Self::MovedOn { findings } | Self::Forged { findings } => findings,
            _ => &[],
        }
    }

    /// What the blockers come to, where they decide the exit code.
    #[must_use]
    pub fn verdict(&self) -> Option<Verdict> {
        match self {
            Self::NotReady { blockers, .. } => Some(Verdict::of(blockers)),
            _ => None,
        }
    }
}

/// A publication as the gate itself planned it: the one thing that lets public steps pass.
#[derive(Clone, Debug)]
pub struct Publication {
    ready: Ready,
    plan: Plan,
}

impl Publication {
    /// The candidate.
    #[must_use]
    pub fn ready(&self) -> &Ready {
        &self.ready
    }

    /// What is to be done.
    #[must_use]
    pub fn plan(&self) -> &Plan {
        &self.plan
    }
}

/// Opens for the report at `path` and plans its publication to the channels called `names`, or to
/// all, as the policy that was judged names them.
pub fn publication(ctx: &Context, path: &str, names: &[String]) -> Result<Publication, GateError> {
    let (ready, config) = opened(ctx, path)?;
    let channels = publish::choose(config.channels, names)?;
    let facts = gather::publish::facts(ctx, (&ready, &channels))?;
    let plan = publish::plan(&ready, &channels, &facts)?;
    Ok(Publication { ready, plan })
}

/// The path of the report, relative to the root: the one that the user gave, or the usual one.
#[must_use]
pub fn report_path(ctx: &Context, given: Option<&Utf8PathBuf>) -> String {
    given.map_or_else(|| REPORT.to_owned(), |path| ctx.seen(path))
}

/// Judges the repository as it is now. Where the report that stands there already says just that,
/// and only its time would differ, its time is kept: a second run gives the same bytes.
pub fn judge(ctx: &Context) -> Result<Candidate, GateError> {
    let mut facts = facts(ctx)?;
    if let Some(bytes) = fs::read_optional(&ctx.root.join(REPORT))?
        && let Ok(report) = Report::read(&bytes)
        && report.statement().predicate.tool == facts.tool
        && future(ctx, &report).is_none()
        && evidence::evaluate(&report.restamp(&facts)).bytes() == bytes
    {
        facts.generated_at = report.statement().predicate.generated_at;
    }
    Ok(evidence::evaluate(&facts))
}

/// What a check of a report found.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The release that it is about.
    pub tag: String,
    /// What keeps it from being ready.
    pub blockers: Vec<Finding>,
    /// What is worth knowing, and no reason to refuse.
    pub notes: Vec<Finding>,
}

/// Derives the report at `path` again from files, policy and git, and compares.
pub fn check(ctx: &Context, path: &str) -> Result<Checked, GateError> {
    let (report, comparison, _) = regenerate(ctx, path)?;
    require_same(&comparison)?;
    Ok(Checked {
        tag: report.statement().predicate.release.tag.clone(),
        blockers: report.statement().predicate.blockers.clone(),
        notes: comparison.notes().to_vec(),
    })
}

/// Opens for the report at `path`, if it is ready, everything is still what it binds, and the same
/// relkit judged it.
pub fn open(ctx: &Context, path: &str) -> Result<Ready, GateError> {
    opened(ctx, path).map(|(ready, _)| ready)
}

fn opened(ctx: &Context, path: &str) -> Result<(Ready, Config), GateError> {
    let (report, comparison, config) = regenerate(ctx, path)?;
    require_same(&comparison)?;
    if !report.claims_ready() {
        return Err(not_ready(
            report.statement().predicate.blockers.clone(),
            &report,
        ));
    }
    if let Some(finding) = future(ctx, &report) {
        return Err(not_ready(vec![finding], &report));
    }
    let name = PublicPath::new(path)?;
    let ready = Ready::seal(&report, name, &comparison);
    let ready = ready.map_err(|findings| not_ready(findings, &report))?;
    Ok((ready, config))
}

/// A report that says it was made later than now, by more than clocks may differ. Its time is its
/// own word; this much can be held against it.
fn future(ctx: &Context, report: &Report) -> Option<Finding> {
    let made = report.statement().predicate.generated_at;
    let text = format!("the report says that it was made at {made}, which is yet to come");
    (made.as_second() > ctx.clock.as_second() + CLOCK_SKEW).then(|| {
        Finding::new("candidate.future_dated", text)
            .help("set the clock right, or unset `RELKIT_NOW`, and run `relkit candidate` again")
    })
}

fn not_ready(blockers: Vec<Finding>, report: &Report) -> GateError {
    GateError::NotReady {
        tag: report.statement().predicate.release.tag.clone(),
        blockers,
    }
}

/// Hashes every file, and hashes it once more at the end: what changed meanwhile is refused.
fn facts(ctx: &Context) -> Result<Facts, GateError> {
    let mut facts = gather::candidate::facts(ctx)?;
    gather::candidate::recheck(ctx, &mut facts);
    Ok(facts)
}

fn regenerate(ctx: &Context, path: &str) -> Result<(Report, Comparison, Config), GateError> {
    let Some(bytes) = fs::read_optional(&ctx.root.join(path))? else {
        return Err(GateError::NoReport {
            path: path.to_string(),
        });
    };
    let report = Report::read(&bytes)?;
    let facts = facts(ctx)?;
    let comparison = evidence::compare::check(&report, &facts);
    Ok((report, comparison, facts.policy.config))
}

fn require_same(comparison: &Comparison) -> Result<(), GateError> {
    match comparison.sameness() {
        Sameness::Same | Sameness::SameWhereKnown => Ok(()),
        Sameness::Moved(findings) => Err(GateError::MovedOn {
            findings: findings.clone(),
        }),
        Sameness::Forged(finding) => Err(GateError::Forged {
            findings: vec![finding.clone()],
        }),
    }
}
