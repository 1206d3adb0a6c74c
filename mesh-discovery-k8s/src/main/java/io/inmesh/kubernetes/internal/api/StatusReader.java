package io.inmesh.kubernetes.internal.api;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.inmesh.kubernetes.internal.resource.JsonStreams;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads a {@code Status} of the API, which may lack any field or be something else altogether. */
public final class StatusReader {
    private static final int LONGEST_MESSAGE = 500;

    private int code;
    private String reason = "";
    private String message = "";
    private final List<String> causes = new ArrayList<>();
    private @Nullable Duration retryAfter;

    private StatusReader() {}

    /**
     * Reads the value on whose first token the parser stands.
     *
     * @return code 500 when it names none
     * @throws IOException when the JSON itself is broken
     */
    public static ApiFailure read(JsonParser json) throws IOException {
        StatusReader status = new StatusReader();
        status.readStatus(json);
        return status.failure(status.code == 0 ? 500 : status.code, null);
    }

    /**
     * Reads the body of an error answer.
     *
     * @param code HTTP status of the answer, which counts whatever the body says
     * @param header from {@code Retry-After}, null when absent; goes before the body
     */
    static ApiFailure read(int code, String body, @Nullable Duration header) {
        StatusReader status = new StatusReader();
        try (JsonParser json = JsonStreams.open(body)) {
            status.readStatus(json);
        } catch (IOException | IllegalStateException notJson) {
            // A proxy's page, or nothing: the code has to do.
        }
        return status.failure(code, header);
    }

    private ApiFailure failure(int answered, @Nullable Duration header) {
        String text = message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
        return new ApiFailure(answered, reason, text, causes, header == null ? retryAfter : header);
    }

    private void readStatus(JsonParser json) throws IOException {
        eachField(json, name -> {
            switch (name) {
                case "code" -> code = (int) Math.min(number(json), 999);
                case "reason" -> reason = text(json);
                case "message" -> message = text(json);
                case "details" -> eachField(json, detail -> readDetail(json, detail));
                default -> json.skipChildren();
            }
        });
    }

    private void readDetail(JsonParser json, String name) throws IOException {
        if (name.equals("retryAfterSeconds")) {
            long seconds = number(json);
            retryAfter = seconds > 0 ? Duration.ofSeconds(seconds) : null;
        } else if (name.equals("causes") && json.currentToken() == JsonToken.START_ARRAY) {
            while (json.nextToken() != JsonToken.END_ARRAY) {
                eachField(json, cause -> {
                    if (cause.equals("reason")) {
                        causes.add(text(json));
                    } else {
                        json.skipChildren();
                    }
                });
            }
        } else {
            json.skipChildren();
        }
    }

    private interface Field {
        void read(String name) throws IOException;
    }

    private static void eachField(JsonParser json, Field field) throws IOException {
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            return;
        }
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = json.currentName();
            json.nextToken();
            field.read(name);
        }
    }

    private static String text(JsonParser json) throws IOException {
        if (json.currentToken() == JsonToken.VALUE_STRING) {
            return json.getText();
        }
        json.skipChildren();
        return "";
    }

    private static long number(JsonParser json) throws IOException {
        if (json.currentToken().isNumeric()) {
            try {
                return (long) Double.parseDouble(json.getText());
            } catch (NumberFormatException beyond) {
                return 0;
            }
        }
        json.skipChildren();
        return 0;
    }
}
