"""How policies are written: HuJSON and aclc's own language, as text, as trees and as values. Knows no policy."""
