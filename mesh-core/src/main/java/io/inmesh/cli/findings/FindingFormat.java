package io.inmesh.cli.findings;

import io.inmesh.config.ConfigProblem;
import java.io.PrintWriter;
import java.util.List;

/** Form in which findings are printed. */
public enum FindingFormat {
    /** A line each, for people. */
    TEXT {
        @Override
        public void write(List<ConfigProblem> findings, PrintWriter out) {
            findings.forEach(finding -> out.println(FindingText.line(finding)));
        }
    },
    /** A JSON object on a line each. */
    JSON {
        @Override
        public void write(List<ConfigProblem> findings, PrintWriter out) {
            findings.forEach(finding -> out.println(FindingJson.line(finding)));
        }
    },
    /** SARIF 2.1.0, one document for all. */
    SARIF {
        @Override
        public void write(List<ConfigProblem> findings, PrintWriter out) {
            out.println(new SarifReport(CheckPages.read(), new FilePaths()).of(findings));
        }
    },
    /** Commands by which a step of a GitHub workflow annotates files, a line each. */
    GITHUB {
        @Override
        public void write(List<ConfigProblem> findings, PrintWriter out) {
            GitHubCommands commands = new GitHubCommands(new FilePaths());
            findings.forEach(finding -> out.println(commands.of(finding)));
        }
    };

    /** Prints findings in their order. */
    public abstract void write(List<ConfigProblem> findings, PrintWriter out);

    /** How notes are printed that are told beside the findings: they are no part of a document. */
    public FindingFormat ofNotes() {
        return this == JSON ? JSON : TEXT;
    }
}
