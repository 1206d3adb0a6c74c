package io.inmesh.cli.findings;

import io.inmesh.config.ConfigCheck;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.internal.text.MessageText;
import io.inmesh.internal.text.YamlComments;
import io.inmesh.internal.text.YamlComments.Comment;
import io.inmesh.model.Origin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Comments {@code # inmesh:ignore ID reason}: on the line of a finding, on a line of its own before it, or before a document
 * for all of it. Not thread-safe.
 */
public final class IgnoreComments {
    private static final String WORD = "inmesh:ignore";
    private static final Pattern COMMENT = Pattern.compile("\\s*" + WORD + "(?:\\s+(\\S+))?(?:\\s+(.*\\S))?\\s*");

    /** What is meant to be one and is none, such as {@code ## inmesh:ignore} and {@code # inmesh:ignore: ID}. */
    private static final Pattern MEANT = Pattern.compile("[\\s#]*" + WORD + ".*");

    private final Map<String, List<Ignore>> bySource = new LinkedHashMap<>();
    private final List<ConfigProblem> problems = new ArrayList<>();
    private int ignored;

    private static final class Ignore {
        private final ConfigCheck check;
        private final Comment comment;
        private boolean used;

        Ignore(ConfigCheck check, Comment comment) {
            this.check = check;
            this.comment = comment;
        }

        boolean covers(ConfigProblem finding) {
            int line = finding.origin().line();
            return check == finding.check() && line >= comment.firstLine() && line <= comment.lastLine();
        }
    }

    /**
     * Finds the comments.
     *
     * @param texts YAML by the name that origins have
     */
    public IgnoreComments(Map<String, String> texts) {
        texts.forEach((source, text) -> {
            if (text.contains(WORD)) {
                YamlComments.of(text).forEach(comment -> take(source, comment));
            }
        });
    }

    /**
     * Leaves out what comments ignore.
     *
     * @param refuses whether an object is refused for a finding, which then cannot be ignored
     */
    public List<ConfigProblem> apply(List<ConfigProblem> findings, Predicate<ConfigProblem> refuses) {
        List<ConfigProblem> left = new ArrayList<>();
        for (ConfigProblem finding : findings) {
            List<Ignore> ignores = ignoresOf(finding);
            if (ignores.isEmpty()) {
                left.add(finding);
            } else if (refuses.test(finding)) {
                left.add(finding);
                ignores.stream()
                        .filter(ignore -> !ignore.used)
                        .forEach(ignore -> problem(
                                finding.origin().source(),
                                ignore.comment,
                                "an error for which the object is refused cannot be ignored",
                                "mend it, and remove the comment"));
            } else {
                ignored++;
            }
            ignores.forEach(ignore -> ignore.used = true);
        }
        return left;
    }

    /** Number of findings that were left out. */
    public int ignored() {
        return ignored;
    }

    /**
     * What is wrong with the comments themselves.
     *
     * @param whole whether everything was looked at, so that a comment that ignored nothing never will
     */
    public List<ConfigProblem> problems(boolean whole) {
        if (whole) {
            bySource.forEach((source, ignores) -> ignores.stream()
                    .filter(ignore -> !ignore.used)
                    .forEach(ignore -> problem(
                            source,
                            ignore.comment,
                            "there is no finding " + ignore.check.id() + " here to ignore",
                            "remove the comment")));
            bySource.clear();
        }
        return List.copyOf(problems);
    }

    private List<Ignore> ignoresOf(ConfigProblem finding) {
        return bySource.getOrDefault(finding.origin().source(), List.of()).stream()
                .filter(ignore -> ignore.covers(finding))
                .toList();
    }

    private void take(String source, Comment comment) {
        Matcher matcher = COMMENT.matcher(comment.text());
        if (!matcher.matches()) {
            if (MEANT.matcher(comment.text()).matches()) {
                problem(
                        source,
                        comment,
                        "it is not written as such a comment, and so ignores nothing",
                        "write # " + WORD + " ID reason, with one # and a space behind " + WORD);
            }
            return;
        }
        String id = matcher.group(1);
        List<String> ids = Stream.of(ConfigCheck.values()).map(ConfigCheck::id).toList();
        if (id == null || !ids.contains(id)) {
            problem(
                    source,
                    comment,
                    id == null ? "no check is named" : "there is no check " + MessageText.quote(id),
                    id == null
                            ? "write # " + WORD + " ID reason, with the ID at the end of the finding's line"
                            : MessageText.didYouMean(id, ids, "write the ID at the end of the finding's line"));
        } else if (matcher.group(2) == null) {
            problem(source, comment, "it has no reason, and so ignores nothing", "write the reason behind the ID");
        } else {
            bySource.computeIfAbsent(source, key -> new ArrayList<>())
                    .add(new Ignore(ConfigCheck.values()[ids.indexOf(id)], comment));
        }
    }

    private void problem(String source, Comment comment, String message, String fix) {
        problems.add(ConfigProblem.builder(Severity.WARNING, "comment " + WORD + ": " + message)
                .origin(new Origin(source, comment.line(), comment.column()))
                .fix(fix)
                .check(ConfigCheck.IGNORE_COMMENT)
                .build());
    }
}
