package io.inmesh.kubernetes.internal.api;

import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import java.io.IOException;
import java.io.Reader;
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
     * Reads the value at which the reader stands.
     *
     * @return code 500 when it names none
     * @throws IOException when the JSON itself is broken
     */
    public static ApiFailure read(JsonReader json) throws IOException {
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
    static ApiFailure read(int code, Reader body, @Nullable Duration header) {
        StatusReader status = new StatusReader();
        try {
            status.readStatus(new JsonReader(body));
        } catch (IOException | IllegalStateException notJson) {
            // A proxy's page, or nothing: the code has to do.
        }
        return status.failure(code, header);
    }

    private ApiFailure failure(int answered, @Nullable Duration header) {
        String text = message.length() > LONGEST_MESSAGE ? message.substring(0, LONGEST_MESSAGE) + "…" : message;
        return new ApiFailure(answered, reason, text, causes, header == null ? retryAfter : header);
    }

    private void readStatus(JsonReader json) throws IOException {
        eachField(json, name -> {
            switch (name) {
                case "code" -> code = (int) number(json);
                case "reason" -> reason = text(json);
                case "message" -> message = text(json);
                case "details" -> eachField(json, detail -> readDetail(json, detail));
                default -> json.skipValue();
            }
        });
    }

    private void readDetail(JsonReader json, String name) throws IOException {
        if (name.equals("retryAfterSeconds")) {
            long seconds = number(json);
            retryAfter = seconds > 0 ? Duration.ofSeconds(seconds) : null;
        } else if (name.equals("causes") && json.peek() == JsonToken.BEGIN_ARRAY) {
            json.beginArray();
            while (json.hasNext()) {
                eachField(json, cause -> {
                    if (cause.equals("reason")) {
                        causes.add(text(json));
                    } else {
                        json.skipValue();
                    }
                });
            }
            json.endArray();
        } else {
            json.skipValue();
        }
    }

    private interface Field {
        void read(String name) throws IOException;
    }

    private static void eachField(JsonReader json, Field field) throws IOException {
        if (json.peek() != JsonToken.BEGIN_OBJECT) {
            json.skipValue();
            return;
        }
        json.beginObject();
        while (json.hasNext()) {
            field.read(json.nextName());
        }
        json.endObject();
    }

    private static String text(JsonReader json) throws IOException {
        if (json.peek() == JsonToken.STRING) {
            return json.nextString();
        }
        json.skipValue();
        return "";
    }

    private static long number(JsonReader json) throws IOException {
        if (json.peek() == JsonToken.NUMBER) {
            try {
                return (long) json.nextDouble();
            } catch (NumberFormatException beyond) {
                return 0;
            }
        }
        json.skipValue();
        return 0;
    }
}
