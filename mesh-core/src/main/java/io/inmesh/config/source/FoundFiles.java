package io.inmesh.config.source;

import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.internal.istio.ObjectReader;
import io.inmesh.model.Origin;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How files are taken that nobody named and that stand in a named folder: other tools keep files there too, which are
 * skipped with a note as long as no rule is in them.
 */
final class FoundFiles {
    private static final String HELM = "Helm";
    private static final Map<String, String> TOOLS = Map.of(
            "kustomization", "Kustomize",
            "chart", HELM,
            "values", HELM);

    /** Words with which actions of Helm's templates begin. */
    private static final Set<String> ACTIONS = Set.of(
            "if",
            "else",
            "end",
            "range",
            "with",
            "define",
            "template",
            "block",
            "include",
            "tpl",
            "toYaml",
            "printf",
            "default",
            "required",
            "quote",
            "lookup",
            "fail",
            "not",
            "and",
            "or",
            "eq",
            "ne",
            "lower",
            "upper",
            "trunc",
            "replace",
            "join",
            "index",
            "tuple",
            "dict",
            "list",
            "fromYaml",
            "toJson",
            "int",
            "nindent",
            "indent");

    private FoundFiles() {}

    /** Whether a file may have rules: not hidden, not an editor's, and named {@code *.yaml} or {@code *.yml}. */
    static boolean isRuleFile(String fileName) {
        String lower = fileName.toLowerCase(Locale.ROOT);
        boolean yaml = lower.endsWith(".yaml") || lower.endsWith(".yml");
        return yaml && !fileName.startsWith(".") && !fileName.startsWith("#") && !fileName.startsWith("~");
    }

    /** Whether a folder is looked into: not hidden, as {@code .git} is, and a mounted ConfigMap's {@code ..data}. */
    static boolean isFolder(String name) {
        return !name.startsWith(".") && !name.equals("lost+found");
    }

    /** Reads a file that was found; one that another tool would have to turn into rules first becomes a note. */
    static ConfigReader.Result read(ConfigReader reader, String name, String text) {
        ConfigReader.Result result = reader.readFound(name, text);
        if (!result.leavesOut()) {
            return result;
        }
        String tool = tool(name);
        // A rule is a rule whatever its file is called: its error must not make it vanish.
        if (tool != null && !ObjectReader.mentionsRules(text, reader.user())) {
            return skipped(name, "this is a file of " + tool + "'s");
        }
        boolean policies = reader.user().judgesRequests() && ObjectReader.mentionsPolicies(text);
        return !policies && isTemplate(text) && isBrokenByBraces(result.problems(), text)
                ? skipped(name, "this looks like a template of Helm's")
                : result;
    }

    /** Whether nothing is wrong but what a template leaves open: text that is no YAML yet, or lines with braces in them. */
    private static boolean isBrokenByBraces(List<ConfigProblem> problems, String text) {
        List<String> lines = text.lines().toList();
        return problems.stream().filter(ConfigProblem::isError).allMatch(error -> {
            int line = error.origin().line();
            boolean known = line >= 1 && line <= lines.size();
            return error.path().isEmpty() || (known && lines.get(line - 1).contains("{{"));
        });
    }

    private static @Nullable String tool(String path) {
        String fileName = path.substring(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
        int dot = fileName.indexOf('.');
        return TOOLS.get(fileName.substring(0, Math.max(0, dot)).toLowerCase(Locale.ROOT));
    }

    /** Whether there is an action of a template: {@code {{ .Values.host }}}, {@code {{- if ...}}. */
    private static boolean isTemplate(String text) {
        for (int at = text.indexOf("{{"); at >= 0; at = text.indexOf("{{", at + 2)) {
            int next = at + 2;
            while (next < text.length() && " -\t".indexOf(text.charAt(next)) >= 0) {
                next++;
            }
            if (isAction(text, next) && text.indexOf("}}", next) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** Any other word in braces is text, {@code Hello {{name}}}, and may stand in a rule. */
    private static boolean isAction(String text, int at) {
        int end = at;
        while (end < text.length() && Character.isLetter(text.charAt(end))) {
            end++;
        }
        char c = at < text.length() ? text.charAt(at) : ' ';
        return c == '.' || c == '$' || c == '/' || c == '"' || ACTIONS.contains(text.substring(at, end));
    }

    private static ConfigReader.Result skipped(String name, String what) {
        ConfigProblem note = new ConfigProblem(
                Severity.NOTE,
                new Origin(name, 0, 0),
                "",
                "skipped: " + what,
                "name the file itself to have it checked as it is");
        return new ConfigReader.Result(List.of(), List.of(note), false);
    }
}
