package io.inmesh.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.inmesh.model.HeaderFormat.Command;
import io.inmesh.model.HeaderFormat.NotExecuted;
import io.inmesh.model.HeaderFormat.Operator;
import io.inmesh.model.HeaderFormat.Text;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HeaderFormatTest {
    @Test
    void readsTextAndCommands() {
        assertThat(HeaderFormat.parse("100%% of %REQ(a?b):3%, %PROTOCOL%").parts())
                .containsExactly(
                        new Text("100% of "),
                        new Command(Operator.REQ, "a?b", 3),
                        new Text(", "),
                        new Command(Operator.PROTOCOL, null, Integer.MAX_VALUE));
        assertThat(HeaderFormat.parse("").parts()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"a, a, ''", "a?b, a, b", "a?, a, ''", "?b, '', b", "a?b?c, a, b?c", ":path, :path, ''"})
    void aHeaderMayHaveAnotherToStandInForIt(String argument, String header, String other) {
        Command command =
                (Command) HeaderFormat.parse("%REQ(" + argument + ")%").parts().get(0);

        assertThat(command.header()).isEqualTo(header);
        assertThat(command.otherHeader()).isEqualTo(other);
    }

    @ParameterizedTest
    @CsvSource({"%START_TIME%, 2026-01-31T09:05:07.012Z", "%START_TIME(%s.%3f)%, 1769850307.012"})
    void aTimeHasAFormat(String text, String written) {
        Command command = (Command) HeaderFormat.parse(text).parts().get(0);

        assertThat(command.timeFormat().format(Instant.parse("2026-01-31T09:05:07.012Z")))
                .isEqualTo(written);
    }

    @ParameterizedTest
    @ValueSource(strings = {"UPSTREAM_HOST", "START_TIME(%Q)", "CEL(request.path)"})
    void tellsWhatIsNotExecuted(String command) {
        assertThat(HeaderFormat.parse("a %" + command + "%").notExecuted())
                .extracting(NotExecuted::written)
                .containsExactly(command);
    }

    @ParameterizedTest
    @CsvSource({
        "100%, 3, ends in a single %",
        "%, 0, ends in a single %",
        "a %REQ(b% c, 2, begins no complete %NAME%",
        "%PROTOCOL% %REQ(b):x%, 11, begins no complete %NAME%",
        "%% %REQ()%, 3, begins no complete %NAME%",
        "a %NO_SUCH_THING%, 2, is no command of Envoy's",
        "a %REQ%, 2, needs the name of a header",
        "a %PROTOCOL(b)%, 2, has nothing in parentheses"
    })
    void saysWhereTheErrorIs(String text, int position, String why) {
        assertThatExceptionOfType(HeaderFormatException.class)
                .isThrownBy(() -> HeaderFormat.parse(text))
                .withMessageContaining(why)
                .returns(position, HeaderFormatException::position);
    }
}
