//! Everything a person or a program sees. stdout carries the result, stderr the conversation.

mod github;
mod view;

use std::{
    cell::{Cell, RefCell},
    io::{self, Write},
};

use anstyle::{AnsiColor, Style};
use camino::Utf8Path;
use miette::Diagnostic as _;
use serde::Serialize;
use serde_json::json;

pub use github::Github;

use crate::{Error, event::Event, exit, finding::Finding, plan::Outcome, plan::Plan};

/// The result could not be written.
const LOST_CODE: &str = "stdout.lost";
const GOOD: Style = AnsiColor::Green.on_default().bold();
const BAD: Style = AnsiColor::Red.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();
const FAINT: Style = Style::new().dimmed();

/// What stdout carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text for people.
    Text,
    /// Exactly one JSON document.
    Json,
    /// Nothing: the result belongs to somebody else's document.
    Nothing,
}

/// How much stderr carries.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Volume {
    /// Errors only.
    Quiet,
    /// Status lines and hints.
    Normal,
    /// What was looked at, too.
    Verbose,
}

/// The one way to speak.
#[derive(Debug)]
pub struct Ui {
    form: Form,
    volume: Volume,
    github: Option<Github>,
    /// The result could not be written.
    lost: Cell<Option<io::ErrorKind>>,
    /// What is cut off from paths in messages.
    root: RefCell<Option<String>>,
}

impl Ui {
    /// A new voice; on a GitHub Actions runner it also speaks the runner's language.
    #[must_use]
    pub fn new(form: Form, volume: Volume, github: Option<Github>) -> Self {
        Self {
            form,
            volume,
            github,
            lost: Cell::new(None),
            root: RefCell::new(None),
        }
    }

    /// Shows the paths below `root` as relative to it from now on.
    pub fn relative_to(&self, root: &Utf8Path) {
        self.root.replace(Some(format!("{root}/")));
    }

    /// `text` without the root in front of its paths.
    fn public(&self, text: &str) -> String {
        match &*self.root.borrow() {
            Some(root) => text.replace(root, ""),
            None => text.to_owned(),
        }
    }

    /// How much stderr carries.
    #[must_use]
    pub fn volume(&self) -> Volume {
        self.volume
    }

    /// Whether stdout carries JSON.
    #[must_use]
    pub fn form(&self) -> Form {
        self.form
    }

    /// Cargo's status line: a right-aligned verb, then the object.
    pub fn status(&self, verb: &str, object: &str) {
        if self.volume >= Volume::Normal {
            say(format_args!("{GOOD}{verb:>12}{GOOD:#} {object}\n"));
        }
    }

    /// What relkit looks at.
    pub fn detail(&self, verb: &str, object: &str) {
        if self.volume >= Volume::Verbose {
            say(format_args!("{FAINT}{verb:>12} {object}{FAINT:#}\n"));
        }
    }

    /// A free line of the conversation.
    pub fn note(&self, text: &str) {
        if self.volume >= Volume::Normal {
            say(format_args!("{text}\n"));
        }
    }

    /// What comes next.
    pub fn next(&self, command: &str) {
        if self.volume >= Volume::Normal {
            say(format_args!("{HINT}{:>12}{HINT:#} {command}\n", "next"));
        }
    }

    /// The result, where it is a JSON document. Text mode shows nothing of it.
    pub fn document(&self, value: &impl Serialize) {
        if self.form == Form::Json {
            let value = serde_json::to_value(value).unwrap_or_default();
            self.print(&String::from_utf8_lossy(&crate::json::render(&value)));
        }
    }

    /// The result, where it is text. JSON mode shows nothing of it.
    pub fn text(&self, text: &str) {
        if self.form == Form::Text {
            self.print(text);
        }
    }

    /// What a dry run shows: the diff on stdout, the steps on stderr; or the plan as JSON.
    pub fn plan(&self, plan: &Plan) {
        self.document(plan);
        if self.form != Form::Text {
            return;
        }
        self.print(&view::diff(plan));
        self.status("Plan", &plan.title);
        for step in plan.in_order() {
            for edit in step.edits() {
                let (verb, object) = edit.line();
                self.status(verb, &object);
            }
            if !matches!(step, crate::plan::Step::File(_)) {
                let (verb, object) = step.line();
                self.status(verb, &object);
            }
        }
        self.note("    dry run: nothing was changed");
    }

    /// Watches a plan being performed.
    pub fn watch(&self, event: &Event<'_>) {
        let Event::Step { step, outcome } = event;
        let (verb, object) = step.line();
        match outcome {
            Outcome::Already => self.status("Already", &object),
            Outcome::Done => {
                for edit in step.edits() {
                    if !matches!(step, crate::plan::Step::File(_)) {
                        let (verb, object) = edit.line();
                        self.status(verb, &object);
                    }
                }
                self.status(verb, &object);
            }
        }
    }

    /// What keeps a release from going out.
    pub fn findings(&self, findings: &[Finding]) {
        for finding in findings {
            let row = finding.row.as_ref().map(|row| format!("{row}: "));
            let issues = finding.issue_refs.join(", ");
            let issues = if issues.is_empty() {
                issues
            } else {
                format!(" ({issues})")
            };
            say(format_args!(
                "{BAD}blocker{BAD:#}[{}]: {}{}{issues}\n",
                finding.code,
                row.unwrap_or_default(),
                finding.message,
            ));
            if let Some(help) = &finding.help {
                say(format_args!("   {HINT}help{HINT:#}: {help}\n"));
            }
        }
        if self.github.is_some() {
            say(format_args!("{}", Github::annotate_findings(findings)));
        }
    }

    /// The last word when something failed.
    pub fn error(&self, error: &Error) {
        self.findings(error.findings());
        let code = error
            .code()
            .map(|code| code.to_string())
            .unwrap_or_default();
        let help = error.help().map(|help| help.to_string());
        let message = self.public(&error.to_string());
        say(format_args!("{BAD}error{BAD:#}[{code}]: {message}\n"));
        let causes: Vec<_> = causes(error)
            .iter()
            .map(|cause| self.public(cause))
            .collect();
        for cause in &causes {
            let cause = cause.replace('\n', "\n         ");
            say(format_args!("  cause: {cause}\n"));
        }
        if let Some(help) = &help {
            say(format_args!("   {HINT}help{HINT:#}: {help}\n"));
        }
        if self.github.is_some() {
            say(format_args!("{}", Github::annotate_error(&code, &message)));
        }
        self.document(&json!({
            "schema": "relkit.error/1",
            "code": code,
            "message": message,
            "causes": causes,
            "help": help,
            "findings": error.findings(),
            "exit_code": error.exit_code(),
        }));
    }

    /// Sets an output of the GitHub step, if there is one.
    pub fn output(&self, name: &'static str, value: &str) {
        if let Some(github) = &self.github {
            github.set(name, value);
        }
    }

    /// Writes the outputs of the GitHub step, and returns the exit code: another one where the
    /// result of a success could not be written. The last act of a run.
    #[must_use]
    pub fn finish(&self, exit_code: u8) -> u8 {
        let exit_code = match self.lost.get() {
            Some(kind) if exit_code == exit::SUCCESS => {
                say(format_args!(
                    "{BAD}error{BAD:#}[{LOST_CODE}]: stdout could not be written\n  cause: {kind}\n"
                ));
                exit::STORAGE
            }
            _ => exit_code,
        };
        self.output("exit_code", &exit_code.to_string());
        if let Some(github) = &self.github
            && let Err(error) = github.write()
        {
            say(format_args!(
                "warning: the step's outputs could not be written: {error}\n"
            ));
        }
        exit_code
    }

    /// To stdout, whole. A reader that went away is no reason to fail; a full disk is.
    fn print(&self, text: &str) {
        let mut out = anstream::stdout();
        if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush())
            && error.kind() != io::ErrorKind::BrokenPipe
        {
            self.lost.set(Some(error.kind()));
        }
    }
}

/// To stderr. A reader that went away is no reason to fail.
fn say(text: std::fmt::Arguments<'_>) {
    let _ = anstream::stderr().write_fmt(text);
}

/// The messages below `error`, without repeating what is said already.
fn causes(error: &Error) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let text = cause.to_string();
        if text != error.to_string() && found.last() != Some(&text) {
            found.push(text.trim_end().to_owned());
        }
        source = cause.source();
    }
    found
}
