//! The only code that changes the user's world: it performs the steps of a plan.

mod artifacts;
mod files;
mod git;
mod index;
mod signatures;

use std::collections::BTreeSet;

use self::signatures::Signing;
use crate::{
    context::Context,
    event::Event,
    gate::Publication,
    plan::{Gated, Plan, Receipt, Step, StepReceipt},
    sign::{SignatureError, plan::SignError},
    world::{
        framework::PackageError,
        fs::{self, FileError},
        git::{Change, Git, GitError},
        journal::{Journal, KillPoints},
        local::{LocalChannel, LocalError},
        lock::{Lock, LockError},
        release::{Recovered, ReleaseError},
        retag::RetagError,
        sigstore::SigstoreError,
    },
};

/// The name of relkit's lock in a repository's private directory.
const LOCK: &str = "lock";

/// The word of the gate, for a plan that needs it.
#[derive(Clone, Copy, Debug)]
pub enum Clearance<'a> {
    /// Nothing may be made public.
    None,
    /// What the gate itself planned may.
    Publication(&'a Publication),
}

/// A plan was not performed, or not to its end.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
pub enum ApplyError {
    /// The world moved on since the plan was made.
    #[error("the plan is stale: {what} since it was made")]
    #[diagnostic(
        code("apply.stale"),
        help("plan again with `-n --json`; a plan is performed only on what it was made from")
    )]
    Stale {
        /// What changed.
        what: String,
    },
    /// A plan that makes artifacts public, without the gate's word for exactly these bytes.
    #[error("the plan makes `{what}` public, and no ready candidate covers it")]
    #[diagnostic(
        code("apply.not_cleared"),
        help("run `relkit candidate`, then `relkit publish`; the gate cannot be passed by a plan")
    )]
    NotCleared {
        /// The file or text.
        what: String,
    },
    /// The repository refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Git(#[from] GitError),
    /// A release commit failed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Release(#[from] ReleaseError),
    /// A file refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    File(#[from] FileError),
    /// A channel refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Channel(#[from] LocalError),
    /// A wheel was not retagged.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Retag(#[from] RetagError),
    /// A framework was not packaged.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Framework(#[from] PackageError),
    /// A file cannot be signed.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Sign(#[from] SignError),
    /// The local instance refused.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Sigstore(#[from] SigstoreError),
    /// What was just signed does not verify.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Signature(#[from] SignatureError),
    /// Another relkit is at work.
    #[error(transparent)]
    #[diagnostic(transparent)]
    Lock(#[from] LockError),
}

/// Performs `plan`: nearest reach first, each step noted in the journal before and after, and
/// `watch` told. The first failure stops the rest; a rerun finds what was done and goes on.
pub fn apply(
    ctx: &Context,
    plan: &Plan,
    clearance: Clearance<'_>,
    watch: &mut dyn FnMut(Event<'_>),
) -> Result<Receipt, ApplyError> {
    let git = Git::discover(&ctx.root)?;
    let state = git.state()?;
    let _lock = Lock::take(&state, LOCK)?;
    require_fresh(&git, plan)?;
    require_cleared(plan, clearance)?;
    let _channels = enter_channels(ctx, plan)?;
    let points = KillPoints::new(ctx.var("RELKIT_TEST_KILL_AT"));
    let mut journal = match plan.gated() {
        Gated::Yes => Some(Journal::open(&state, &plan.digest(), points)?),
        Gated::No => None,
    };
    let mut receipt = Receipt::new(plan);
    let mut signing = Signing::default();
    for step in plan.in_order() {
        let digest = step.digest();
        if let Some(journal) = &mut journal {
            journal.begin(&digest)?;
        }
        let outcome = match (step, &mut journal) {
            (Step::File(step), _) => files::perform(ctx, step)?,
            (Step::Git(step), _) => git::perform(ctx, &git, step)?,
            (Step::Signature(step), _) => signing.perform(ctx, &git, step)?,
            (Step::Artifact(step), journal) => artifacts::perform(ctx, step, journal.as_mut())?,
            (Step::Index(step), Some(journal)) => index::perform(ctx, step, journal)?,
            (Step::Index(_), None) => {
                let what = step.line().1;
                return Err(ApplyError::NotCleared { what });
            }
        };
        if let Some(journal) = &mut journal {
            journal.end(&digest, outcome)?;
        }
        watch(Event::Step { step, outcome });
        let (verb, object) = step.line();
        receipt.steps.push(StepReceipt {
            step: digest,
            line: format!("{} {object}", verb.to_lowercase()),
            outcome,
        });
    }
    signing.finish()?;
    Ok(receipt)
}

/// Finishes or undoes a release that was killed in the middle, if there is one.
pub fn recover(ctx: &Context) -> Result<Option<Recovered>, ApplyError> {
    let git = Git::discover(&ctx.root)?;
    if !git.is_interrupted()? {
        return Ok(None);
    }
    let _lock = Lock::take(&git.state()?, LOCK)?;
    Ok(git.recover()?)
}

/// Refuses a plan when anything that it read has changed.
fn require_fresh(git: &Git, plan: &Plan) -> Result<(), ApplyError> {
    let stale = |what: String| ApplyError::Stale { what };
    for (path, then) in &plan.reads.files {
        let now = fs::digest_optional(&git.root.join(path.as_str()))?;
        match (then, now) {
            (None, Some(_)) => return Err(stale(format!("`{path}` has appeared"))),
            (Some(_), None) => return Err(stale(format!("`{path}` has gone"))),
            (then, now) if *then != now => return Err(stale(format!("`{path}` has changed"))),
            _ => {}
        }
    }
    let commits = plan.steps.iter().any(|step| matches!(step, Step::Git(_)));
    if commits {
        // What git does not know enters no commit; what it knows must be as HEAD has it.
        let tracked = |(_, change): &(_, _)| *change == Change::Tracked;
        if let Some((path, _)) = git.changes()?.into_iter().find(tracked) {
            return Err(stale(format!("`{path}` has changed")));
        }
    }
    if plan.reads.refs.is_empty() {
        return Ok(());
    }
    let head = git.head()?;
    let tags = git.tags()?;
    for (name, then) in &plan.reads.refs {
        let now = if name == "HEAD" {
            Some(head.commit.clone())
        } else {
            let tag = tags
                .iter()
                .find(|tag| name.strip_prefix("refs/tags/") == Some(&tag.name));
            tag.map(|tag| tag.object.clone())
        };
        let what = match (then, &now) {
            (None, Some(_)) => "has appeared",
            (Some(_), None) => "has gone",
            (then, now) if then != now => "has moved",
            _ => continue,
        };
        return Err(stale(format!("`{name}` {what}")));
    }
    Ok(())
}

/// Refuses a plan that makes bytes public, unless its steps of that kind are exactly those that the
/// gate's own plan has: the same, all of them, and in the same order.
fn require_cleared(plan: &Plan, clearance: Clearance<'_>) -> Result<(), ApplyError> {
    let gated = |plan: &'_ Plan| -> Vec<Step> {
        let steps = plan.steps.iter().filter(|step| step.gated() == Gated::Yes);
        steps.cloned().collect()
    };
    let wanted = gated(plan);
    let allowed = match clearance {
        Clearance::None => Vec::new(),
        Clearance::Publication(publication) => gated(publication.plan()),
    };
    if wanted == allowed {
        return Ok(());
    }
    let other = wanted.iter().find(|step| !allowed.contains(step));
    let other = other.or(wanted.first()).or(allowed.first());
    Err(ApplyError::NotCleared {
        what: other.map(|step| step.line().1).unwrap_or_default(),
    })
}

/// Looks at every place of a channel before the first step acts: other bytes at the last place must
/// not leave half a release at the first ones. Returns the channels' locks.
fn enter_channels(ctx: &Context, plan: &Plan) -> Result<Vec<Lock>, ApplyError> {
    let targets: BTreeSet<&str> = plan.steps.iter().filter_map(Step::target).collect();
    let locks = targets
        .into_iter()
        .map(|target| LocalChannel::new(&ctx.root, target).lock())
        .collect::<Result<_, _>>()?;
    for step in &plan.steps {
        if let (Step::Artifact(step), Some(target)) = (step, step.target()) {
            LocalChannel::new(&ctx.root, target).look(step)?;
        }
    }
    Ok(locks)
}
