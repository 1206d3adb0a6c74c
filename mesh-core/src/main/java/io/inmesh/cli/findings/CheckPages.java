package io.inmesh.cli.findings;

import io.inmesh.config.ConfigCheck;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What docs/checks.md says about each check. */
final class CheckPages {
    private static final Pattern SECTION =
            Pattern.compile("^## ([a-z0-9-]+)(?: \\(\\w+\\))?\n(.*?)(?=^## |\\z)", Pattern.MULTILINE | Pattern.DOTALL);

    private final Map<String, String> sections = new HashMap<>();

    private CheckPages(String document) {
        for (MatchResult section : SECTION.matcher(document).results().toList()) {
            sections.put(section.group(1), section.group(2).strip());
        }
    }

    /** Reads the document, which is packaged beside this class. */
    static CheckPages read() {
        try (InputStream in = CheckPages.class.getResourceAsStream("checks.md")) {
            if (in == null) {
                throw new IllegalStateException("checks.md is not packaged");
            }
            return new CheckPages(new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The section, as Markdown without its heading; the id of the check where it has none. */
    String markdown(ConfigCheck check) {
        return sections.getOrDefault(check.id(), check.id());
    }

    /** Prose of the section, as one line. */
    String prose(ConfigCheck check) {
        String text = markdown(check);
        int examples = text.indexOf("\n\nWrong");
        return (examples < 0 ? text : text.substring(0, examples)).replaceAll("\\s+", " ");
    }

    /** First sentence of the section. */
    String summary(ConfigCheck check) {
        String prose = prose(check);
        int end = prose.indexOf(". ");
        return end < 0 ? prose : prose.substring(0, end + 1);
    }
}
