package mockwebserver3;

/** What the tests use of the test server of OkHttp 5, on that of OkHttp 4.12. */
public abstract class Dispatcher {
    public abstract MockResponse dispatch(RecordedRequest request) throws InterruptedException;
}
