package io.inmesh.internal.istio;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class UnexecutedFieldTest {
    private static final String BEGIN = "<!-- table of UnexecutedField: begin -->";
    private static final String END = "<!-- table of UnexecutedField: end -->";

    /** The failure prints what should stand there. */
    @Test
    void theDocumentationShowsTheTableThatDecides() throws IOException {
        String page = Files.readString(Path.of("../docs/unsupported-fields.md"));

        assertThat(page).contains(BEGIN, END);
        assertThat(page.substring(page.indexOf(BEGIN) + BEGIN.length(), page.indexOf(END))
                        .strip())
                .isEqualTo(UnexecutedField.markdown());
    }
}
