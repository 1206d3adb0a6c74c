package io.inmesh.samples.bookinfo;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.inmesh.config.ConfigProblem;
import io.inmesh.config.ConfigProblem.Severity;
import io.inmesh.model.Origin;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RuleConsoleTest {
    private final Logger logger = (Logger) LoggerFactory.getLogger(RuleConsole.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final RuleConsole console = new RuleConsole();

    @BeforeEach
    void listen() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(lines);
    }

    private static ConfigProblem problem(Severity severity, String message) {
        return new ConfigProblem(severity, new Origin("a.yaml", 3, 5), "spec.host", message, "");
    }

    private List<String> warnings() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    /** An error may be in a rule that is in force all the same. */
    @Test
    void doesNotCallARuleRefusedForAnErrorInIt() {
        console.configRejected("rules", List.of(problem(Severity.ERROR, "consistentHash is not executed")));

        assertThat(warnings()).singleElement().asString().startsWith("Rules have errors; for what is refused the last");
    }

    @Test
    void tellsAWarningOnceForAsLongAsItLasts() {
        ConfigProblem odd = problem(Severity.WARNING, "nobody has it");

        console.problemsChanged(List.of(problem(Severity.ERROR, "told elsewhere"), odd));
        console.problemsChanged(List.of(odd, problem(Severity.NOTE, "of no weight")));
        assertThat(warnings()).containsExactly("a.yaml:3:5: warning: spec.host: nobody has it");

        console.problemsChanged(List.of());
        console.problemsChanged(List.of(odd));
        assertThat(warnings()).hasSize(2);
    }
}
