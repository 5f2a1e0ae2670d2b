package barograph.query.function;

/// The UTC calendar on plain seconds since the epoch, also far outside what `java.time` covers.
///
/// Days are counted from 1 March of year 0, so that leap days come last in their year (Neri and
/// Schneider's survey calls it the computational calendar).
final class Calendar {
  private static final long DAY_SECONDS = 86_400;
  private static final long DAYS_PER_ERA = 146_097;
  private static final long EPOCH_DAY = 719_468;

  private Calendar() {}

  /// The seconds that a sample's value stands for. What fits no 64 bits becomes the least number in
  /// Go, whose calendar wraps around there: the second after the greatest.
  static long seconds(double value) {
    long seconds = GoMath.toLong(value);
    return seconds == Long.MIN_VALUE ? Long.MAX_VALUE : seconds;
  }

  static long minute(long seconds) {
    return Math.floorMod(seconds, DAY_SECONDS) / 60 % 60;
  }

  static long hour(long seconds) {
    return Math.floorMod(seconds, DAY_SECONDS) / 3600;
  }

  /// 0 is Sunday.
  static long dayOfWeek(long seconds) {
    return Math.floorMod(day(seconds) + 4, 7L);
  }

  static long dayOfMonth(long seconds) {
    long ofYear = marchDay(day(seconds));
    return ofYear - (153 * marchMonth(ofYear) + 2) / 5 + 1;
  }

  static long month(long seconds) {
    long month = marchMonth(marchDay(day(seconds)));
    return month < 10 ? month + 3 : month - 9;
  }

  static long year(long seconds) {
    long day = day(seconds);
    long year = marchYear(day);
    return marchMonth(marchDay(day)) < 10 ? year : year + 1;
  }

  static long dayOfYear(long seconds) {
    long ofMarchYear = marchDay(day(seconds));
    boolean fromMarchOn = ofMarchYear < 306;
    return fromMarchOn ? ofMarchYear + 60 + (isLeap(year(seconds)) ? 1 : 0) : ofMarchYear - 306 + 1;
  }

  static long daysInMonth(long seconds) {
    long month = month(seconds);
    if (month == 2) {
      return isLeap(year(seconds)) ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
  }

  private static boolean isLeap(long year) {
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  }

  private static long day(long seconds) {
    return Math.floorDiv(seconds, DAY_SECONDS);
  }

  private static long yearOfEra(long dayOfEra) {
    return (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
  }

  private static long marchYear(long day) {
    long shifted = day + EPOCH_DAY;
    return yearOfEra(Math.floorMod(shifted, DAYS_PER_ERA))
        + Math.floorDiv(shifted, DAYS_PER_ERA) * 400;
  }

  /// The day within its year, 1 March being 0.
  private static long marchDay(long day) {
    long ofEra = Math.floorMod(day + EPOCH_DAY, DAYS_PER_ERA);
    long year = yearOfEra(ofEra);
    return ofEra - (365 * year + year / 4 - year / 100);
  }

  /// The month of a day within its year, March being 0.
  private static long marchMonth(long marchDay) {
    return (5 * marchDay + 2) / 153;
  }
}
