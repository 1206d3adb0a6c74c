package io.inmesh.cli.findings;

import io.inmesh.config.ConfigProblem;

/** Findings as workflow commands, {@code ::error file=...,line=...,col=...,title=...::message}. */
final class GitHubCommands {
    private final FilePaths paths;

    GitHubCommands(FilePaths paths) {
        this.paths = paths;
    }

    String of(ConfigProblem finding) {
        String command = switch (finding.severity()) {
            case ERROR -> "error";
            case WARNING -> "warning";
            case NOTE -> "notice";
        };
        int line = finding.origin().line();
        int column = finding.origin().column();
        return "::" + command + " file="
                + property(paths.relative(finding.origin().source()))
                + (line > 0 ? ",line=" + line : "")
                + (line > 0 && column > 0 ? ",col=" + column : "")
                + ",title=" + property(FindingText.title(finding.check())) + "::"
                + data(FindingText.withPath(finding));
    }

    private static String data(String text) {
        return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A");
    }

    private static String property(String text) {
        return data(text).replace(":", "%3A").replace(",", "%2C");
    }
}
